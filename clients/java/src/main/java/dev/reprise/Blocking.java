package dev.reprise;

import io.grpc.Status;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for futures on behalf of the blocking calls. */
final class Blocking {
  private Blocking() {}

  /**
   * Waits. What failed on another thread is thrown with the stack of this one, and its cause is
   * what was thrown there.
   */
  static <A> A await(CompletableFuture<A> future) {
    try {
      return awaitAsIs(future);
    } catch (RepriseException elsewhere) {
      if (elsewhere.failure() == null) throw elsewhere;
      throw elsewhere.failure().toException(elsewhere);
    }
  }

  /** Waits. What failed is thrown as it is, whatever it is. */
  static <A> A awaitAsIs(CompletableFuture<A> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw givenUp("The thread was interrupted while it waited", interrupted);
    } catch (CancellationException cancelled) {
      throw givenUp("The call was given up", cancelled);
    } catch (ExecutionException failed) {
      throw Blocking.<RuntimeException>sneaky(Futures.unwrap(failed));
    }
  }

  private static RepriseException givenUp(String message, Throwable cause) {
    return Failure.local(Failure.Kind.OTHER, Status.Code.CANCELLED, message).toException(cause);
  }

  /**
   * Deliberate: a computation's checked exception comes out as it is; the caller's signature names
   * it.
   */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> X sneaky(Throwable error) throws X {
    throw (X) error;
  }
}
