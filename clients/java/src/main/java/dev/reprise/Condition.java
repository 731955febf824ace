package dev.reprise;

import java.util.Objects;

/** What must hold for a Set to be applied. */
public sealed interface Condition {
  /** There is no fresh entry. */
  record Absent() implements Condition {}

  /** There is a fresh entry. */
  record Present() implements Condition {}

  /**
   * The entry, fresh or stale, has this revision.
   *
   * @param revision the revision
   */
  record Revision(String revision) implements Condition {
    /**
     * Checks that there is one.
     *
     * @param revision the revision
     */
    public Revision {
      Objects.requireNonNull(revision, "revision");
    }
  }

  /**
   * This lease is still valid.
   *
   * @param leaseId the lease's id
   */
  record LeaseHeld(String leaseId) implements Condition {
    /**
     * Checks that there is one.
     *
     * @param leaseId the lease's id
     */
    public LeaseHeld {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }

  /**
   * Nothing that covers the key has changed since this fence.
   *
   * @param fence the fence of a miss
   */
  record Fence(String fence) implements Condition {
    /**
     * Checks that there is one.
     *
     * @param fence the fence of a miss
     */
    public Fence {
      Objects.requireNonNull(fence, "fence");
    }
  }

  /**
   * There is no fresh entry.
   *
   * @return the condition
   */
  static Condition absent() {
    return new Absent();
  }

  /**
   * There is a fresh entry.
   *
   * @return the condition
   */
  static Condition present() {
    return new Present();
  }

  /**
   * The entry, fresh or stale, has this revision.
   *
   * @param revision the revision
   * @return the condition
   */
  static Condition revision(String revision) {
    return new Revision(revision);
  }

  /**
   * Nothing that covers the key has changed since this fence.
   *
   * @param fence the fence of a miss
   * @return the condition
   */
  static Condition fence(String fence) {
    return new Fence(fence);
  }
}
