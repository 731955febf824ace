package dev.reprise;

/**
 * Computes a value that the cache does not have.
 *
 * @param <T> the type of the value
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface Computation<T, E extends Exception> {
  /**
   * Computes the value. The thread is interrupted when nobody waits for it any more.
   *
   * @return the value, or null if the source has nothing
   * @throws E if it can't be computed
   */
  T compute() throws E;
}
