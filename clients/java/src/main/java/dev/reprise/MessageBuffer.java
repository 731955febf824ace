package dev.reprise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a subscription was told and its caller has not taken yet. Bounded: what does not fit is
 * refused.
 */
final class MessageBuffer {
  private final Lock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<StreamMessage> messages = new ArrayDeque<>();
  private final int messagesMax;
  private String token;
  private boolean ended;
  private RepriseException error;

  MessageBuffer(int messagesMax, String token) {
    this.messagesMax = messagesMax;
    this.token = token;
  }

  /**
   * Adds all of them or none.
   *
   * @return false if there is no room
   */
  boolean offer(List<? extends StreamMessage> more) {
    lock.lock();
    try {
      if (messages.size() + more.size() > messagesMax) return false;
      messages.addAll(more);
      filled.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a progress, in place of the one before if nothing came between: it takes no room then. */
  boolean offerProgress(String newest) {
    lock.lock();
    try {
      if (messages.peekLast() instanceof StreamMessage.Progress) messages.removeLast();
      return offer(List.of(new StreamMessage.Progress(newest)));
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything that waits, for these. */
  void replaceBy(List<? extends StreamMessage> only) {
    lock.lock();
    try {
      messages.clear();
      messages.addAll(only);
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes after what is there. */
  void end(RepriseException why) {
    lock.lock();
    try {
      if (ended) return;
      ended = true;
      error = why;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next message.
   *
   * @return null if none came in time, or none will come
   * @throws RepriseException once everything was taken, if the subscription failed
   */
  StreamMessage take(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (messages.isEmpty() && !ended && left > 0) left = filled.awaitNanos(left);
      StreamMessage next = messages.pollFirst();
      if (next != null) token = tokenOf(next);
      else if (error != null) throw error.failure().toException(error);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything was taken and nothing will come. */
  boolean isOver() {
    lock.lock();
    try {
      return ended && messages.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the newest token before which nothing waits that the caller has to see. */
  String token() {
    lock.lock();
    try {
      String newest = token;
      for (StreamMessage waiting : messages) {
        if (waiting instanceof StreamMessage.Progress progress) newest = progress.token();
        else if (!(waiting instanceof StreamMessage.StateChanged)) break;
      }
      return newest;
    } finally {
      lock.unlock();
    }
  }

  private String tokenOf(StreamMessage taken) {
    String own = token;
    if (taken instanceof StreamMessage.Changed changed) own = changed.token();
    if (taken instanceof StreamMessage.Progress progress) own = progress.token();
    if (taken instanceof StreamMessage.Reset reset) own = reset.token();
    return own.isEmpty() ? token : own;
  }

  /** Returns what is more than a wait can be. */
  static long forever() {
    return TimeUnit.DAYS.toNanos(365);
  }
}
