package dev.reprise.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.CodecException;
import dev.reprise.DeadlineExceededException;
import dev.reprise.InvalidArgumentException;
import dev.reprise.NotFoundException;
import dev.reprise.OutcomeUnknownException;
import dev.reprise.OverloadedException;
import dev.reprise.RepriseException;
import dev.reprise.UnavailableException;
import io.grpc.Status;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Says in the words of the protocol what failed. */
final class Errors {
  private Errors() {}

  /** What a scenario's computation throws. */
  static final class NoLuck extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoLuck(String text) {
      super(text);
    }
  }

  /** What this driver lacks. */
  static final class NotSupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSupported(String what) {
      super(what);
    }
  }

  static ObjectNode told(Throwable error) {
    if (error instanceof CompletionException && error.getCause() != null)
      return told(error.getCause());
    if (error instanceof RepriseException known) {
      return kind(kindOf(known)).put("code", known.code().name()).put("reason", known.reason());
    }
    if (error instanceof NoLuck) return kind("Computation").put("reason", error.getMessage());
    if (error instanceof NotSupported)
      return kind("NotSupported").put("reason", error.getMessage());
    if (error instanceof CancellationException) return kind("Cancelled");
    if (error instanceof TimeoutException) return kind("Timeout");
    return kind("Usage").put("reason", String.valueOf(error));
  }

  private static ObjectNode kind(String kind) {
    return Json.object().put("kind", kind);
  }

  private static String kindOf(RepriseException error) {
    if (error instanceof UnavailableException) return "Unavailable";
    if (error instanceof DeadlineExceededException) return "DeadlineExceeded";
    if (error instanceof OutcomeUnknownException) return "OutcomeUnknown";
    if (error instanceof InvalidArgumentException) return "InvalidArgument";
    if (error instanceof NotFoundException) return "NotFound";
    if (error instanceof OverloadedException) return "Overloaded";
    if (error instanceof CodecException) return "CodecError";
    return error.code() == Status.Code.CANCELLED ? "Cancelled" : "RepriseError";
  }
}
