package dev.reprise;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Tells what changes, and goes on by itself after whatever broke. What the caller has not taken
 * waits in a bounded buffer; beyond it the caller is told {@link StreamMessage.Reset} with {@link
 * ResetReason#SLOW}. One thread at a time takes.
 */
public final class Subscription implements AutoCloseable {
  private final MessageBuffer buffer;
  private final StreamLoop loop;
  private final Runnable onClose;

  Subscription(MessageBuffer buffer, StreamLoop loop, Runnable onClose) {
    this.buffer = buffer;
    this.loop = loop;
    this.onClose = onClose;
  }

  /**
   * Tells where the subscription stands now, whatever waits to be taken.
   *
   * @return the state
   */
  public SubscriptionState state() {
    return loop.state();
  }

  /**
   * Returns a token to go on from: of the newest message that the caller has taken, or newer where
   * nothing else waits. Apply what you took before you keep it.
   *
   * @return the token, empty if none came yet
   */
  public String token() {
    return buffer.token();
  }

  /**
   * Waits for the next message.
   *
   * @param atMost how long to wait; zero to look only
   * @return the message, or empty if none came in time or the subscription is closed
   * @throws RepriseException if the server said what no retry heals
   */
  public Optional<StreamMessage> poll(Duration atMost) {
    return Optional.ofNullable(take(atMost.toNanos()));
  }

  /**
   * Tells whether the subscription is closed and everything was taken.
   *
   * @return true if nothing will come
   */
  public boolean isOver() {
    return buffer.isOver();
  }

  /**
   * Returns everything: changes, progress, resets and states. To iterate blocks until the next
   * comes, and ends when the subscription is closed or the thread is interrupted.
   *
   * @return the messages; all iterators take from the same buffer
   */
  public Iterable<StreamMessage> messages() {
    return () ->
        new Taking<>() {
          @Override
          StreamMessage next(StreamMessage message) {
            return message;
          }
        };
  }

  /**
   * Returns changes alone, in the same way as {@link #messages}. Who derives something from them
   * has to know of resets too: by {@link #messages}, or by {@link SubscribeOptions#onState}.
   *
   * @return the changes
   */
  public Iterable<Change> changes() {
    return () ->
        new Taking<>() {
          @Override
          Change next(StreamMessage message) {
            return message instanceof StreamMessage.Changed changed ? changed.change() : null;
          }
        };
  }

  /** Ends the stream. What waits can still be taken. */
  @Override
  public void close() {
    loop.close();
    onClose.run();
  }

  private StreamMessage take(long nanos) {
    try {
      return buffer.take(nanos);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private abstract class Taking<E> implements Iterator<E> {
    private E ahead;

    /** Returns what the view shows of a message, or null. */
    abstract E next(StreamMessage message);

    @Override
    public boolean hasNext() {
      while (ahead == null) {
        StreamMessage message = take(MessageBuffer.forever());
        if (message == null) return false;
        ahead = next(message);
      }
      return true;
    }

    @Override
    public E next() {
      if (!hasNext()) throw new NoSuchElementException("The subscription is closed");
      E next = ahead;
      ahead = null;
      return next;
    }
  }
}
