package dev.reprise;

/** Nobody answered, or the store behind the server is away. Nothing was changed. */
public final class UnavailableException extends RepriseException {
  private static final long serialVersionUID = 1L;

  UnavailableException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
