package dev.reprise;

import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A call that failed. Branch on the class or on {@link #reason()}, never on the message, which is
 * for people and holds no keys and no values.
 */
public class RepriseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** Kept beside the failure, which does not outlive serialization. */
  private final Status.Code code;

  RepriseException(Failure failure, Throwable cause) {
    super(text(failure), cause);
    this.failure = failure;
    this.code = failure.code();
  }

  /**
   * Returns the gRPC code.
   *
   * @return the code
   */
  public Status.Code code() {
    return code;
  }

  /**
   * Returns the server's reason: an ErrorReason without its prefix, such as {@code KEY_TOO_LONG}.
   *
   * @return the reason, empty where none came
   */
  public String reason() {
    return failure == null ? "" : failure.reason();
  }

  /**
   * Returns figures that belong to the reason, such as {@code keyBytesMax}.
   *
   * @return the figures by name, unmodifiable
   */
  public Map<String, String> metadata() {
    return failure == null ? Map.of() : failure.metadata();
  }

  /**
   * Returns how long the server asks to wait before another try.
   *
   * @return the time, empty where the server said none
   */
  public Optional<Duration> retryAfter() {
    return failure == null ? Optional.empty() : Optional.ofNullable(failure.retryAfter());
  }

  Failure failure() {
    return failure;
  }

  private static String text(Failure failure) {
    String suffix = failure.reason().isEmpty() ? "" : ", " + failure.reason();
    return failure.message() + " [" + failure.code() + suffix + "]";
  }
}
