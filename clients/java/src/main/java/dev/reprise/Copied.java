package dev.reprise;

/** Options that never change: each setter returns a changed copy. */
abstract class Copied<S extends Copied<S>> implements Cloneable {
  @SuppressWarnings("unchecked")
  final S copy() {
    try {
      return (S) clone();
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
