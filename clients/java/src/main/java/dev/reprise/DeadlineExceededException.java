package dev.reprise;

/** The deadline passed before the answer came. A change may have been applied all the same. */
public final class DeadlineExceededException extends RepriseException {
  private static final long serialVersionUID = 1L;

  DeadlineExceededException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
