package dev.reprise;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads what a call failed with. */
final class Errors {
  private Errors() {}

  static Failure of(Throwable error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status != null && status.getDetailsCount() > 0) return of(status);
    Status plain =
        error instanceof StatusRuntimeException known
            ? known.getStatus()
            : Status.fromThrowable(error);
    String message = plain.getDescription() == null ? "The call failed" : plain.getDescription();
    return new Failure(kind(plain.getCode(), ""), plain.getCode(), "", Map.of(), null, message);
  }

  static Failure of(com.google.rpc.Status status) {
    Status.Code code = Status.fromCodeValue(status.getCode()).getCode();
    ErrorInfo info = detail(status, ErrorInfo.class).orElse(ErrorInfo.getDefaultInstance());
    Duration retryAfter =
        detail(status, RetryInfo.class)
            .map(retry -> Durations.fromProto(retry.getRetryDelay()))
            .orElse(null);
    return new Failure(
        kind(code, info.getReason()),
        code,
        info.getReason(),
        info.getMetadataMap(),
        retryAfter,
        status.getMessage());
  }

  private static Failure.Kind kind(Status.Code code, String reason) {
    if (reason.equals("OUTCOME_UNKNOWN")) return Failure.Kind.OUTCOME_UNKNOWN;
    if (reason.equals("OVERLOADED")) return Failure.Kind.OVERLOADED;
    return switch (code) {
      case UNAVAILABLE -> Failure.Kind.UNAVAILABLE;
      case DEADLINE_EXCEEDED -> Failure.Kind.DEADLINE_EXCEEDED;
      case INVALID_ARGUMENT -> Failure.Kind.INVALID_ARGUMENT;
      case NOT_FOUND -> Failure.Kind.NOT_FOUND;
      default -> Failure.Kind.OTHER;
    };
  }

  private static <M extends Message> Optional<M> detail(
      com.google.rpc.Status status, Class<M> type) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) return unpack(detail, type);
    }
    return Optional.empty();
  }

  private static <M extends Message> Optional<M> unpack(Any detail, Class<M> type) {
    try {
      return Optional.of(detail.unpack(type));
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }
}
