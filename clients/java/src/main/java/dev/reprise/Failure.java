package dev.reprise;

import io.grpc.Status;
import java.time.Duration;
import java.util.Map;

/** What is known of a failed call: the data of a {@link RepriseException}. */
record Failure(
    Kind kind,
    Status.Code code,
    String reason,
    Map<String, String> metadata,
    Duration retryAfter,
    String message) {

  /** Which exception stands for it. */
  enum Kind {
    UNAVAILABLE,
    DEADLINE_EXCEEDED,
    OUTCOME_UNKNOWN,
    INVALID_ARGUMENT,
    NOT_FOUND,
    OVERLOADED,
    CODEC,
    OTHER
  }

  static Failure local(Kind kind, Status.Code code, String message) {
    return new Failure(kind, code, "", Map.of(), null, message);
  }

  Failure as(Kind other) {
    return new Failure(other, code, reason, metadata, retryAfter, message);
  }

  RepriseException toException(Throwable cause) {
    return switch (kind) {
      case UNAVAILABLE -> new UnavailableException(this, cause);
      case DEADLINE_EXCEEDED -> new DeadlineExceededException(this, cause);
      case OUTCOME_UNKNOWN -> new OutcomeUnknownException(this, cause);
      case INVALID_ARGUMENT -> new InvalidArgumentException(this, cause);
      case NOT_FOUND -> new NotFoundException(this, cause);
      case OVERLOADED -> new OverloadedException(this, cause);
      case CODEC -> new CodecException(this, cause);
      case OTHER -> new RepriseException(this, cause);
    };
  }
}
