package dev.reprise;

/** A value can't be encoded, or bytes can't be decoded into the type that was asked for. */
public final class CodecException extends RepriseException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what a codec could not do.
   *
   * @param message what failed, without keys and values
   * @param cause what it came from, or null
   */
  public CodecException(String message, Throwable cause) {
    this(Failure.local(Failure.Kind.CODEC, io.grpc.Status.Code.UNKNOWN, message), cause);
  }

  CodecException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
