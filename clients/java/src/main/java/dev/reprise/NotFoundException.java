package dev.reprise;

/** There is no such namespace. */
public final class NotFoundException extends RepriseException {
  private static final long serialVersionUID = 1L;

  NotFoundException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
