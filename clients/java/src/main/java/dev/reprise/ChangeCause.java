package dev.reprise;

/** What happened to what a change names. */
public enum ChangeCause {
  /** The key has a new value. */
  SET,

  /** The key's entry has a new lifetime. */
  TOUCH,

  /** The key was deleted. */
  DELETE,

  /** The key was invalidated. */
  KEY,

  /** A tag was invalidated. */
  TAG,

  /** A prefix was invalidated. */
  PREFIX,

  /** The namespace was invalidated. */
  NAMESPACE,

  /** A new history began. Told only to subscriptions that ask for epochs. */
  EPOCH,

  /**
   * A cause that this version of the client does not know: treat it as a change of everything it
   * names.
   */
  OTHER
}
