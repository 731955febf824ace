package dev.reprise;

/** The server has more to do than it can, also after retries. It did nothing for this call. */
public final class OverloadedException extends RepriseException {
  private static final long serialVersionUID = 1L;

  OverloadedException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
