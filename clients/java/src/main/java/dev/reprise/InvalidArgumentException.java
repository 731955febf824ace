package dev.reprise;

/** The server refuses the arguments. Repeating the call does not help. */
public final class InvalidArgumentException extends RepriseException {
  private static final long serialVersionUID = 1L;

  InvalidArgumentException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
