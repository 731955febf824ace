package dev.reprise;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, so that tests can decide both.
 *
 * @param nanos a monotonic clock
 * @param random a number from 0 to 1
 * @param timer runs what waits
 */
record Env(LongSupplier nanos, DoubleSupplier random, ScheduledExecutorService timer) {

  static Env real() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, daemons("reprise-client-timer"));
    timer.setRemoveOnCancelPolicy(true);
    return new Env(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble(), timer);
  }

  static ThreadFactory daemons(String name) {
    ThreadFactory plain = Executors.defaultThreadFactory();
    return task -> {
      Thread thread = plain.newThread(task);
      thread.setName(name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs the task later; at once where the client is closed, whose tasks find that out themselves.
   */
  Future<?> after(Duration delay, Runnable task) {
    try {
      return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      task.run();
      return new FutureTask<>(task, null);
    }
  }

  /** A random share of a delay that doubles with each failure: full jitter. */
  Duration jitter(Duration first, Duration most, int failures) {
    Duration grown = failures > 20 ? most : first.multipliedBy(1L << failures);
    return Duration.ofNanos(
        (long) (random.getAsDouble() * Durations.shorter(grown, most).toNanos()));
  }
}
