package dev.reprise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Futures that, unlike those of the platform, hand a cancellation on to what they wait for. */
final class Futures {
  private Futures() {}

  /** What to do with an outcome: one of the two is null. */
  interface Next<A, B> {
    CompletableFuture<B> after(A value, Throwable error);
  }

  static <A, B> CompletableFuture<B> then(CompletableFuture<A> source, Next<A, B> next) {
    CompletableFuture<B> result = new CompletableFuture<>();
    handCancellationOn(result, source);
    source.whenComplete(
        (value, error) -> {
          if (result.isDone()) return;
          try {
            follow(result, next.after(value, unwrap(error)));
          } catch (RuntimeException | Error thrown) {
            result.completeExceptionally(thrown);
          }
        });
    return result;
  }

  static <A, B> CompletableFuture<B> compose(
      CompletableFuture<A> source, Function<A, CompletableFuture<B>> next) {
    return then(source, (value, error) -> error == null ? next.apply(value) : failed(error));
  }

  static <A, B> CompletableFuture<B> map(CompletableFuture<A> source, Function<A, B> next) {
    return compose(source, value -> CompletableFuture.completedFuture(next.apply(value)));
  }

  /** Tells of an outcome before anybody who waits for it is told. */
  static <A> CompletableFuture<A> after(
      CompletableFuture<A> source, BiConsumer<A, Throwable> told) {
    CompletableFuture<A> result = new CompletableFuture<>();
    handCancellationOn(result, source);
    source.whenComplete(
        (value, error) -> {
          try {
            told.accept(value, error);
          } finally {
            if (error == null) result.complete(value);
            else result.completeExceptionally(error);
          }
        });
    return result;
  }

  /** Turns what fails before a call is made into a failed future. */
  static <A> CompletableFuture<A> begin(Supplier<CompletableFuture<A>> call) {
    try {
      return call.get();
    } catch (RepriseException refused) {
      return failed(refused);
    }
  }

  static <A> CompletableFuture<A> failed(Throwable error) {
    return CompletableFuture.failedFuture(error);
  }

  static CompletableFuture<Void> delay(Env env, Duration delay) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    Future<?> timer = env.after(delay, () -> result.complete(null));
    result.whenComplete((nothing, error) -> timer.cancel(false));
    return result;
  }

  static <A> void follow(CompletableFuture<A> result, CompletableFuture<A> source) {
    handCancellationOn(result, source);
    source.whenComplete(
        (value, error) -> {
          if (error == null) result.complete(value);
          else result.completeExceptionally(unwrap(error));
        });
  }

  static Throwable unwrap(Throwable error) {
    boolean wrapped = error instanceof CompletionException || error instanceof ExecutionException;
    return wrapped && error.getCause() != null ? unwrap(error.getCause()) : error;
  }

  private static void handCancellationOn(CompletableFuture<?> result, CompletableFuture<?> source) {
    result.whenComplete(
        (value, error) -> {
          if (result.isCancelled()) source.cancel(true);
        });
  }
}
