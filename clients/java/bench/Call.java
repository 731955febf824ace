package dev.reprise.bench;

/** Makes a call and returns how many bytes of values it brought. */
@FunctionalInterface
interface Call {
  int make();

  /** Makes the call; throws unless it brings so many bytes. */
  default void check(int bytes) {
    if (make() != bytes) throw new IllegalStateException("a call brought something else");
  }
}
