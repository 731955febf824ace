package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.Change;
import dev.reprise.RepriseException;
import dev.reprise.StreamMessage;
import dev.reprise.Subscription;
import dev.reprise.SubscriptionState;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeoutException;

/** One subscription of a scenario. It takes only what the scenario asks for. */
final class Listener {
  private static final Timer TIMER = new Timer(true);

  private final Subscription subscription;
  private final Iterator<Change> changes;
  private final List<SubscriptionState> states;

  /** What the subscription ended with, once that was taken. */
  private ObjectNode end;

  Listener(Subscription subscription, boolean changesAlone, List<SubscriptionState> states) {
    this.subscription = subscription;
    this.changes = changesAlone ? subscription.changes().iterator() : null;
    this.states = states;
  }

  void close() {
    subscription.close();
  }

  ObjectNode state() {
    ObjectNode answer =
        Json.object().put("state", subscription.state().name()).put("token", subscription.token());
    ArrayNode all = answer.putArray("states");
    states.forEach(state -> all.add(state.name()));
    return answer;
  }

  synchronized ObjectNode take(JsonNode command) throws TimeoutException {
    List<String> kinds = command.has("of") ? Json.texts(command.get("of")) : List.of("event");
    Duration atMost = Json.duration(command.path("timeoutMs"));
    long until = System.nanoTime() + atMost.toNanos();
    ObjectNode answer = Json.object();
    ArrayNode taken = answer.putArray("messages");
    while (taken.size() < command.path("count").asInt(1)) {
      ObjectNode message = next(until);
      if (message == null) throw new TimeoutException();
      String kind = message.get("kind").asText();
      if (kinds.contains(kind)) taken.add(message);
      else if (kind.equals("end")) throw new TimeoutException();
    }
    return answer;
  }

  private ObjectNode next(long until) {
    if (end != null) return end;
    try {
      ObjectNode message = changes == null ? nextMessage(until) : nextChange(until);
      if (message != null) return message;
      if (subscription.isOver()) end = Json.object().put("kind", "end");
    } catch (RepriseException failed) {
      end = Json.object().put("kind", "end");
      end.set("error", Errors.told(failed));
    }
    return end;
  }

  private ObjectNode nextMessage(long until) {
    Optional<StreamMessage> message =
        subscription.poll(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    return message.map(Listener::told).orElse(null);
  }

  /** The view of changes waits without end; an interrupt ends the wait and loses nothing. */
  private ObjectNode nextChange(long until) {
    Thread waiting = Thread.currentThread();
    TimerTask interrupt =
        new TimerTask() {
          @Override
          public void run() {
            waiting.interrupt();
          }
        };
    TIMER.schedule(interrupt, Math.max(0, (until - System.nanoTime()) / 1_000_000));
    try {
      return changes.hasNext() ? told(changes.next()) : null;
    } finally {
      interrupt.cancel();
    }
  }

  private static ObjectNode told(StreamMessage message) {
    if (message instanceof StreamMessage.Changed changed) return told(changed.change());
    if (message instanceof StreamMessage.Progress progress) {
      return Json.object().put("kind", "progress").put("token", progress.token());
    }
    if (message instanceof StreamMessage.Reset reset) {
      return Json.object().put("kind", "reset").put("reason", reset.reason().name());
    }
    SubscriptionState state = ((StreamMessage.StateChanged) message).state();
    return Json.object().put("kind", "state").put("state", state.name());
  }

  private static ObjectNode told(Change change) {
    ObjectNode event =
        Json.object()
            .put("kind", "event")
            .put("cause", change.cause().name())
            .put("revision", change.revision())
            .put("actor", change.actor());
    change.mode().ifPresent(mode -> event.put("mode", mode.name()));
    if (change.target() instanceof Change.Target.Key key) return event.put("key", key.key());
    if (change.target() instanceof Change.Target.Tag tag) return event.put("tag", tag.tag());
    if (change.target() instanceof Change.Target.Prefix prefix)
      return event.put("prefix", prefix.prefix());
    return event.put("wholeNamespace", true);
  }
}
