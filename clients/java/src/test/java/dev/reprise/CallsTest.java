package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import dev.reprise.testing.v1.AdvanceTimeRequest;
import dev.reprise.testing.v1.Fault;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each kind of call, against a real server. */
class CallsTest extends ServerTest {
  private static final SetOptions MINUTE = SetOptions.withTtl(Duration.ofMinutes(1));

  record Track(String title, int seconds) {}

  @Test
  void aValueComesBackInItsType() {
    client.set("k", new Track("Karma Police", 261), MINUTE.tags("artist:7"));
    Lookup<Track> found =
        client.get("k", ValueType.of(Track.class), GetOptions.defaults().withTags(true));
    Lookup.Hit<Track> hit = (Lookup.Hit<Track>) found;
    assertEquals(new Track("Karma Police", 261), hit.value());
    assertEquals(List.of("artist:7"), hit.entry().tags());
    assertEquals("application/json", hit.entry().contentType());
    assertTrue(hit.entry().freshFor().toSeconds() > 30 && !hit.entry().stale());
  }

  @Test
  void aTypeWithParametersIsDecoded() {
    client.set("k", List.of(new Track("a", 1)));
    List<Track> tracks =
        client.get("k", new ValueType<List<Track>>() {}, GetOptions.defaults()).value();
    assertEquals(new Track("a", 1), tracks.get(0));
  }

  @Test
  void hitNegativeMissAndNullAreDifferentAnswers() {
    client.set("null", null);
    client.setNegative("negative", SetOptions.defaults());
    Lookup<Object> nothing = client.get("null");
    assertTrue(nothing.isHit());
    assertNull(nothing.value());
    assertNull(nothing.valueOr("other"));
    assertInstanceOf(Lookup.Negative.class, client.get("negative"));
    Lookup.Miss<Object> miss = (Lookup.Miss<Object>) client.get("miss");
    assertEquals(MissReason.UNKNOWN, miss.reason());
    assertFalse(miss.fence().isEmpty());
    assertEquals("other", miss.valueOr("other"));
    assertThrows(NoSuchElementException.class, miss::value);
  }

  @Test
  void aConditionThatDoesNotHoldIsAResult() {
    SetResult.Stored first =
        (SetResult.Stored) client.set("k", 1, MINUTE.condition(Condition.absent()));
    SetResult.NotStored second =
        assertInstanceOf(
            SetResult.NotStored.class, client.set("k", 2, MINUTE.condition(Condition.absent())));
    assertEquals(NotStoredReason.PRESENT, second.reason());
    assertEquals(first.revision(), second.revision());
    assertTrue(client.set("k", 3, MINUTE.condition(Condition.revision(first.revision()))).stored());
    assertTrue(client.set("k", 4, MINUTE.condition(Condition.present())).stored());
  }

  @Test
  void aFenceRefusesWhatWasOvertaken() {
    String fence = ((Lookup.Miss<Object>) client.get("k")).fence();
    client.invalidateTags(List.of("t"));
    client.set("k", 1);
    SetResult late = client.set("k", 2, MINUTE.condition(Condition.fence(fence)));
    assertEquals(NotStoredReason.FENCE_OVERTAKEN, ((SetResult.NotStored) late).reason());
  }

  @Test
  void whoHasTheRevisionGetsNoContent() {
    String revision = ((SetResult.Stored) client.set("k", 1)).revision();
    GetOptions options = GetOptions.defaults().ifRevisionNot(revision);
    Lookup.NotModified<Object> same =
        (Lookup.NotModified<Object>) client.get("k", ValueType.OBJECT, options);
    assertEquals(revision, same.entry().revision());
    client.set("k", 2);
    assertEquals(2, client.get("k", ValueType.OBJECT, options).value());
  }

  @Test
  void staleEntriesComeWhereTheyAreAllowed() {
    client.set("k", 1, MINUTE.staleWindow(Duration.ofHours(1)));
    server
        .testing()
        .advanceTime(
            AdvanceTimeRequest.newBuilder()
                .setBy(Durations.toProto(Duration.ofSeconds(61)))
                .build());
    assertEquals(MissReason.EXPIRED, ((Lookup.Miss<Object>) client.get("k")).reason());
    Lookup.Hit<Object> stale =
        (Lookup.Hit<Object>)
            client.get("k", ValueType.OBJECT, GetOptions.defaults().allowStale(true));
    assertTrue(stale.entry().stale());
  }

  @Test
  void deleteTouchExistsAndIncrement() {
    client.set("k", 1);
    assertTrue(client.exists("k").exists());
    TouchOptions hour = TouchOptions.defaults().ttl(Duration.ofMinutes(5));
    assertEquals(300, ((TouchResult.Touched) client.touch("k", hour)).freshFor().toSeconds());
    assertTrue(client.delete("k").existed());
    assertFalse(client.delete("k").existed());
    assertInstanceOf(TouchResult.NotTouched.class, client.touch("k", hour));
    assertEquals(42, count(client.increment("n", 2, IncrementOptions.defaults().initial(40))));
    assertEquals(41, count(client.increment("n", -1)));
    IncrementResult over = client.increment("n", Long.MAX_VALUE);
    assertEquals(NotIncrementedReason.OVERFLOW, ((IncrementResult.NotIncremented) over).reason());
    assertEquals(41L, client.get("n", Long.class).value());
  }

  private static long count(IncrementResult result) {
    return ((IncrementResult.Incremented) result).value();
  }

  @Test
  void eachKeyOfABatchHasItsOwnOutcome() {
    List<SetResult> stored =
        client.setMany(
            List.of(
                SetItem.value("a", 1, MINUTE),
                SetItem.negative("b", SetOptions.defaults()),
                SetItem.value("", 1, MINUTE)));
    assertTrue(stored.get(0).stored() && stored.get(1).stored());
    assertEquals("KEY_INVALID", ((SetResult.Failed) stored.get(2)).error().reason());
    Map<String, Lookup<Integer>> found = client.getMany(List.of("b", "a", "c"), Integer.class);
    assertEquals(List.of("b", "a", "c"), List.copyOf(found.keySet()));
    assertEquals(1, found.get("a").value());
    assertEquals(Lookup.Kind.NEGATIVE, found.get("b").kind());
    assertEquals(Lookup.Kind.MISS, found.get("c").kind());
    assertEquals(
        List.of(true, false),
        client.deleteMany(List.of("a", "c")).stream().map(DeleteResult::existed).toList());
    assertEquals(Map.of(), client.getMany(List.of(), Integer.class));
  }

  @Test
  void oneKeyOfABatchThatCanNotBeDecodedFailsAlone() {
    client.set("text", "abc");
    client.set("number", 1);
    Map<String, Lookup<Integer>> found = client.getMany(List.of("text", "number"), Integer.class);
    assertInstanceOf(CodecException.class, ((Lookup.Failed<Integer>) found.get("text")).error());
    assertThrows(CodecException.class, () -> found.get("text").value());
    assertEquals(1, found.get("number").value());
  }

  @Test
  void invalidationsCountRefuseAndApply() {
    client.set("p:1", 1, MINUTE.tags("t"));
    client.set("p:2", 2, MINUTE.tags("t"));
    InvalidateOptions dry = InvalidateOptions.defaults().dryRun(true);
    assertEquals(
        2, ((InvalidateResult.Counted) client.invalidateTags(List.of("t"), dry)).affected());
    InvalidateResult refused =
        client.invalidatePrefix("p:", InvalidateOptions.defaults().affectedMax(1));
    assertEquals(RefusedReason.TOO_MANY_AFFECTED, ((InvalidateResult.Refused) refused).reason());
    InvalidateOptions streams = InvalidateOptions.defaults().waitFor(WaitFor.STREAMS);
    InvalidateResult.Invalidated done =
        (InvalidateResult.Invalidated) client.invalidatePrefix("p:", streams);
    assertEquals(NodeState.STREAMED, done.receipt().get(0).state());
    assertEquals(MissReason.INVALIDATED, ((Lookup.Miss<Object>) client.get("p:1")).reason());
    client.set("q", 1);
    client.invalidateKeys(List.of("q"));
    assertFalse(client.get("q").isHit());
    client.set("q", 1);
    client.invalidateAll();
    assertFalse(client.get("q").isHit());
  }

  @Test
  void anErrorTellsWhatItIsAndWhereItWasCalled() {
    InvalidArgumentException error =
        assertThrows(
            InvalidArgumentException.class, () -> client.get("x".repeat(1025), String.class));
    assertEquals("KEY_TOO_LONG", error.reason());
    assertEquals(Status.Code.INVALID_ARGUMENT, error.code());
    assertEquals("1024", error.metadata().get("keyBytesMax"));
    assertTrue(List.of(error.getStackTrace()).toString().contains("CallsTest"));
    RepriseClient nowhere = server.connect(RepriseOptions.defaults().namespace("nowhere"));
    clients.add(nowhere);
    assertThrows(NotFoundException.class, () -> nowhere.get("k"));
  }

  @Test
  void halfASurrogatePairIsRefusedAndNotReplaced() {
    String half = "a\ud800";
    assertEquals(
        "KEY_INVALID",
        assertThrows(InvalidArgumentException.class, () -> client.get(half)).reason());
    assertEquals(
        "TAG_INVALID",
        assertThrows(InvalidArgumentException.class, () -> client.set("k", 1, MINUTE.tags(half)))
            .reason());
    assertTrue(client.set("\ud83d\ude00", 1).stored());
  }

  @Test
  void aCallEndsAtItsDeadline() {
    server.fault(namespace, "Get", 1, Fault.newBuilder().setSilence(Empty.getDefaultInstance()));
    GetOptions soon = GetOptions.defaults().deadline(Duration.ofMillis(300));
    assertThrows(DeadlineExceededException.class, () -> client.get("k", ValueType.OBJECT, soon));
  }

  @Test
  void aFutureThatIsCancelledGivesTheCallUp() {
    List<String> ended = new CopyOnWriteArrayList<>();
    RepriseClient observed =
        connect(
            RepriseOptions.defaults()
                .observer((method, outcome, took) -> ended.add(method + " " + outcome)));
    server.fault(namespace, "Delete", 1, Fault.newBuilder().setSilence(Empty.getDefaultInstance()));
    CompletableFuture<DeleteResult> call = observed.deleteAsync("k");
    TestServer.await("the call came", () -> server.calls(namespace).contains("Delete"));
    assertTrue(call.cancel(true));
    TestServer.await("the call has ended", () -> ended.equals(List.of("Delete CANCELLED")));
  }

  @Test
  void aThreadThatIsInterruptedGivesTheCallUp() throws InterruptedException {
    server.fault(namespace, "Get", 1, Fault.newBuilder().setSilence(Empty.getDefaultInstance()));
    AtomicReference<RepriseException> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                client.get("k");
              } catch (RepriseException interrupted) {
                if (Thread.currentThread().isInterrupted()) thrown.set(interrupted);
              }
            });
    caller.start();
    TestServer.await("the call came", () -> server.calls(namespace).contains("Get"));
    caller.interrupt();
    caller.join(30_000);
    assertEquals(Status.Code.CANCELLED, thrown.get().code());
  }

  @Test
  void aClosedClientAnswersNothing() {
    client.close();
    assertThrows(IllegalStateException.class, () -> client.get("k"));
    assertThrows(IllegalStateException.class, () -> client.set("k", 1));
    assertThrows(IllegalStateException.class, () -> client.subscribe(SubscribeOptions.defaults()));
    assertThrows(
        IllegalStateException.class,
        () -> client.getOrCompute("k", Object.class, ComputeOptions.defaults(), () -> 1));
  }
}
