package dev.reprise;

/**
 * The connection or the store broke before the answer to a change came: it may have been applied.
 * Read before you repeat it.
 */
public final class OutcomeUnknownException extends RepriseException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
