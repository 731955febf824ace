package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import dev.reprise.testing.v1.BreakStreamsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Changes as they happen, and what happens to their stream. */
class SubscribeTest extends ServerTest {
  private static Subscription ready(RepriseClient client, SubscribeOptions options) {
    Subscription subscription = client.subscribe(options);
    TestServer.await("READY", () -> subscription.state() == SubscriptionState.READY);
    return subscription;
  }

  private static String key(Change change) {
    return ((Change.Target.Key) change.target()).key();
  }

  /** Takes until a message of this kind comes. */
  private static <M extends StreamMessage> M next(Subscription subscription, Class<M> kind) {
    return TestServer.awaitValue(
        kind.getSimpleName(),
        () ->
            subscription
                .poll(Duration.ofSeconds(1))
                .filter(kind::isInstance)
                .map(kind::cast)
                .orElse(null));
  }

  @Test
  void changesAreIteratedUntilTheEnd() {
    RepriseClient other = connect(RepriseOptions.defaults());
    Subscription subscription = ready(client, SubscribeOptions.defaults().prefixes("p:"));
    Iterator<Change> changes = subscription.changes().iterator();
    other.set("x", 1);
    String revision = ((SetResult.Stored) other.set("p:1", 1)).revision();
    other.invalidatePrefix("p:", InvalidateOptions.defaults().mode(InvalidationMode.MARK_STALE));
    Change set = changes.next();
    assertEquals("p:1", key(set));
    assertEquals(ChangeCause.SET, set.cause());
    assertEquals(revision, set.revision());
    Change marked = changes.next();
    assertEquals(new Change.Target.Prefix("p:"), marked.target());
    assertEquals(InvalidationMode.MARK_STALE, marked.mode().orElseThrow());
    subscription.close();
    assertFalse(changes.hasNext());
    assertTrue(subscription.isOver());
    assertEquals(SubscriptionState.CLOSED, subscription.state());
  }

  @Test
  void ownChangesComeWhereTheyAreAskedFor() {
    Subscription own = ready(client, SubscribeOptions.defaults().includeOwn(true));
    Subscription others = ready(client, SubscribeOptions.defaults());
    client.set("mine", 1);
    connect(RepriseOptions.defaults()).set("his", 1);
    assertEquals("mine", key(own.changes().iterator().next()));
    assertEquals("his", key(others.changes().iterator().next()));
  }

  @Test
  void aListenerIsHandedEachMessage() {
    List<StreamMessage> heard = new CopyOnWriteArrayList<>();
    client.subscribe(SubscribeOptions.defaults().includeOwn(true), heard::add);
    TestServer.await(
        "READY", () -> heard.contains(new StreamMessage.StateChanged(SubscriptionState.READY)));
    client.set("k", 1);
    TestServer.await(
        "the change", () -> heard.stream().anyMatch(StreamMessage.Changed.class::isInstance));
  }

  @Test
  void aTokenGoesOnAfterWhatWasTaken() {
    Subscription first = ready(client, SubscribeOptions.defaults().includeOwn(true));
    client.set("one", 1);
    assertEquals("one", key(next(first, StreamMessage.Changed.class).change()));
    String token = first.token();
    client.set("two", 1);
    next(first, StreamMessage.Changed.class);
    first.close();
    Subscription second =
        ready(client, SubscribeOptions.defaults().includeOwn(true).resumeToken(token));
    assertEquals("two", key(next(second, StreamMessage.Changed.class).change()));
  }

  @Test
  void aStreamThatFallsSilentIsOpenedAgainWithoutAGap() {
    List<SubscriptionState> states = new CopyOnWriteArrayList<>();
    SubscribeOptions options =
        SubscribeOptions.defaults()
            .includeOwn(true)
            .progressInterval(Duration.ofMillis(300))
            .onState(states::add);
    Subscription subscription = ready(client, options);
    server
        .testing()
        .breakStreams(
            BreakStreamsRequest.newBuilder()
                .setNamespace(namespace)
                .setSilence(Empty.getDefaultInstance())
                .build());
    client.set("k", 1);
    assertEquals("k", key(next(subscription, StreamMessage.Changed.class).change()));
    assertEquals(
        List.of(
            SubscriptionState.CONNECTING,
            SubscriptionState.READY,
            SubscriptionState.STALE,
            SubscriptionState.READY),
        states);
  }

  @Test
  void whoTakesTooSlowlyIsTold() {
    Subscription subscription =
        ready(client, SubscribeOptions.defaults().includeOwn(true).bufferMax(4));
    List<SetItem> items = new ArrayList<>();
    for (int i = 0; i < 200; i++) items.add(SetItem.value("k" + i, i, SetOptions.defaults()));
    client.setMany(items);
    assertEquals(ResetReason.SLOW, next(subscription, StreamMessage.Reset.class).reason());
    client.set("last", 1);
    TestServer.await("READY", () -> subscription.state() == SubscriptionState.READY);
  }

  @Test
  void whatNoRetryHealsEndsIt() {
    RepriseClient nowhere = server.connect(RepriseOptions.defaults().namespace("nowhere"));
    clients.add(nowhere);
    Subscription subscription = nowhere.subscribe(SubscribeOptions.defaults());
    assertThrows(NotFoundException.class, () -> subscription.changes().iterator().hasNext());
    assertEquals(SubscriptionState.CLOSED, subscription.state());
  }

  @Test
  void closingTheClientEndsItsSubscriptions() {
    Subscription subscription = ready(client, SubscribeOptions.defaults());
    client.close();
    assertEquals(SubscriptionState.CLOSED, subscription.state());
    subscription.messages().forEach(message -> assertInstanceOf(StreamMessage.class, message));
    assertTrue(subscription.isOver());
  }

  @Test
  void theBufferTellsANewerTokenOnlyWhereNothingWaitsBeforeIt() throws InterruptedException {
    MessageBuffer buffer = new MessageBuffer(3, "start");
    assertTrue(buffer.offerProgress("one"));
    assertTrue(buffer.offerProgress("two"));
    assertEquals("two", buffer.token());
    StreamMessage.Reset reset = new StreamMessage.Reset(ResetReason.SLOW, "three");
    assertTrue(buffer.offer(List.of(reset)));
    assertTrue(buffer.offerProgress("four"));
    assertFalse(buffer.offer(List.of(reset)), "it is full");
    assertEquals("two", buffer.token());
    assertEquals(new StreamMessage.Progress("two"), buffer.take(0));
    assertEquals(reset, buffer.take(0));
    assertEquals("four", buffer.token());
  }
}
