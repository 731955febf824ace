package dev.reprise;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The answer to a read. A value, the knowledge that the source has nothing, a miss and a failure
 * are four different answers.
 *
 * @param <T> the type of the value
 */
public sealed interface Lookup<T> {
  /** Which answer it is. */
  enum Kind {
    /** {@link Hit}. */
    HIT,
    /** {@link Negative}. */
    NEGATIVE,
    /** {@link Miss}. */
    MISS,
    /** {@link NotModified}. */
    NOT_MODIFIED,
    /** {@link Failed}. */
    FAILED
  }

  /**
   * Tells which answer it is.
   *
   * @return the kind
   */
  Kind kind();

  /**
   * Returns the value of a hit.
   *
   * @return the value, null where the codec's null was stored
   * @throws NoSuchElementException if it is no hit
   * @throws RepriseException if it is a failure
   */
  default T value() {
    throw new NoSuchElementException("The answer is " + kind() + ": there is no value");
  }

  /**
   * Returns the value of a hit and something else for every other answer.
   *
   * @param otherwise what to return if it is no hit
   * @return the value or {@code otherwise}
   */
  default T valueOr(T otherwise) {
    return otherwise;
  }

  /**
   * Tells whether it is a hit.
   *
   * @return true if there is a value
   */
  default boolean isHit() {
    return kind() == Kind.HIT;
  }

  /**
   * There is a value.
   *
   * @param <T> the type of the value
   * @param value the value, null where the codec's null was stored
   * @param entry what else is known of the entry
   */
  record Hit<T>(T value, Entry entry) implements Lookup<T> {
    @Override
    public Kind kind() {
      return Kind.HIT;
    }

    @Override
    public T valueOr(T otherwise) {
      return value;
    }
  }

  /**
   * The source of the data is known to have nothing here.
   *
   * @param <T> the type of the value
   * @param entry what is known of the entry
   */
  record Negative<T>(Entry entry) implements Lookup<T> {
    @Override
    public Kind kind() {
      return Kind.NEGATIVE;
    }
  }

  /**
   * The cache has nothing.
   *
   * @param <T> the type of the value
   * @param reason why
   * @param fence token of the moment of the miss, for {@link Condition#fence}; empty where the
   *     store could not be asked
   */
  record Miss<T>(MissReason reason, String fence) implements Lookup<T> {
    @Override
    public Kind kind() {
      return Kind.MISS;
    }
  }

  /**
   * The entry still has the revision that the caller named.
   *
   * @param <T> the type of the value
   * @param entry what is known of the entry
   */
  record NotModified<T>(Entry entry) implements Lookup<T> {
    @Override
    public Kind kind() {
      return Kind.NOT_MODIFIED;
    }
  }

  /**
   * This key of a batch could not be read. Single reads throw instead.
   *
   * @param <T> the type of the value
   * @param error why
   */
  record Failed<T>(RepriseException error) implements Lookup<T> {
    @Override
    public Kind kind() {
      return Kind.FAILED;
    }

    @Override
    public T value() {
      throw error;
    }
  }

  /**
   * What is known of an entry beside its value.
   *
   * @param revision names the change that made the entry what it is: compare for equality only;
   *     empty where nobody but one node knows it
   * @param contentType what kind of value it is, empty if nobody said
   * @param freshFor time left until the entry is stale, counted from when the call was sent
   * @param keepFor time left until the entry is gone
   * @param expireTime the instant at which the entry becomes or became stale, by the store's clock:
   *     for people
   * @param stale whether it is past its TTL or was marked stale
   * @param unverified whether the store could not be asked, so that it may be older than any bound
   * @param tags its tags, where they were asked for
   */
  record Entry(
      String revision,
      String contentType,
      Duration freshFor,
      Duration keepFor,
      Instant expireTime,
      boolean stale,
      boolean unverified,
      List<String> tags) {}
}
