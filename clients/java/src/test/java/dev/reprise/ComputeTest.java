package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.testing.v1.AdvanceTimeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One computation for all who ask. */
class ComputeTest extends ServerTest {
  private static final ComputeOptions MINUTE = ComputeOptions.withTtl(Duration.ofMinutes(1));

  private final AtomicInteger computed = new AtomicInteger();

  private void advance(Duration by) {
    server
        .testing()
        .advanceTime(AdvanceTimeRequest.newBuilder().setBy(Durations.toProto(by)).build());
  }

  @Test
  void threadsShareOneComputation() throws InterruptedException {
    List<Integer> values = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          new Thread(
              () ->
                  values.add(
                      client.getOrCompute("k", Integer.class, MINUTE, computed::incrementAndGet))));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) thread.join(30_000);
    assertEquals(Collections.nCopies(20, 1), values);
    assertEquals(1, client.get("k").value());
  }

  @Test
  void aCheckedExceptionComesOutAsItIs() {
    IOException ours = new IOException("no luck");
    IOException thrown =
        assertThrows(
            IOException.class,
            () -> client.getOrCompute("k", Integer.class, MINUTE, () -> fail(ours)));
    assertSame(ours, thrown);
    assertEquals(
        7, client.getOrCompute("k", Integer.class, MINUTE, () -> 7), "the lease was handed back");
  }

  private static Integer fail(IOException error) throws IOException {
    throw error;
  }

  @Test
  void nothingIsKeptAsNegativeWhereThatIsAskedFor() {
    assertNull(client.getOrCompute("k", Integer.class, MINUTE, () -> null));
    assertEquals(Lookup.Kind.MISS, client.get("k").kind());
    ComputeOptions remembered = MINUTE.negativeTtl(Duration.ofSeconds(20));
    assertNull(client.getOrCompute("k", Integer.class, remembered, () -> null));
    assertNull(client.getOrCompute("k", Integer.class, remembered, computed::incrementAndGet));
    assertEquals(Lookup.Kind.NEGATIVE, client.get("k").kind());
    assertEquals(0, computed.get());
  }

  @Test
  void whenTheLastCallerGivesUpTheComputationIsInterrupted() {
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                client.getOrCompute(
                    "k", Integer.class, MINUTE, () -> waitForInterrupt(begun, interrupted));
              } catch (RepriseException expected) {
                // The caller was interrupted itself.
              }
            });
    caller.start();
    assertTrue(begun.join());
    caller.interrupt();
    TestServer.await("the computation was interrupted", () -> interrupted.getCount() == 0);
    TestServer.await(
        "the lease was handed back", () -> server.calls(namespace).contains("ReleaseLease"));
  }

  private static Integer waitForInterrupt(
      CompletableFuture<Boolean> begun, CountDownLatch interrupted) {
    begun.complete(true);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException expected) {
      interrupted.countDown();
    }
    return null;
  }

  @Test
  void oneCallerThatGivesUpDoesNotEndTheOthers() {
    CompletableFuture<Integer> value = new CompletableFuture<>();
    CompletableFuture<Integer> first = begin("k", value);
    CompletableFuture<Integer> second = begin("k", value);
    TestServer.await("it computes", () -> computed.get() == 1);
    first.cancel(true);
    value.complete(5);
    assertEquals(5, second.join());
    assertEquals(1, computed.get());
  }

  private CompletableFuture<Integer> begin(String key, CompletableFuture<Integer> value) {
    return client.getOrComputeAsync(
        key,
        ValueType.of(Integer.class),
        MINUTE,
        () -> {
          computed.incrementAndGet();
          return value;
        });
  }

  @Test
  void whoAsksAfterAnOwnChangeDoesNotJoinAFlightFromBefore() {
    CompletableFuture<Integer> old = new CompletableFuture<>();
    CompletableFuture<Integer> before = begin("k", old);
    TestServer.await("it computes", () -> computed.get() == 1);
    client.invalidateKeys(List.of("k"));
    CompletableFuture<Integer> after = begin("k", CompletableFuture.completedFuture(2));
    assertEquals(2, after.join());
    old.complete(1);
    assertEquals(1, before.join());
    assertEquals(2, client.get("k").value(), "what was overtaken is not kept");
  }

  @Test
  void aStaleValueServesWhileOneComputes() {
    ComputeOptions stale = MINUTE.staleWindow(Duration.ofHours(1));
    client.getOrCompute("k", Integer.class, stale, () -> 1);
    advance(Duration.ofSeconds(61));
    assertEquals(1, client.getOrCompute("k", Integer.class, stale, () -> 2));
    TestServer.await("the new value is kept", () -> client.get("k").valueOr(0).equals(2));
  }

  @Test
  void aStaleValueServesWhereTheComputationFails() throws IOException {
    client.set("k", 1, SetOptions.withTtl(Duration.ofMinutes(1)).staleWindow(Duration.ofHours(1)));
    advance(Duration.ofSeconds(61));
    ComputeOptions ifError = MINUTE.staleIfError(true);
    assertEquals(
        1,
        client.getOrCompute("k", Integer.class, ifError, () -> fail(new IOException("no luck"))));
    TestServer.await(
        "the lease was handed back",
        () -> client.getOrCompute("k", Integer.class, ifError, () -> 2) == 2);
  }

  private Env chance(double random) {
    Env real = Env.real();
    return new Env(real.nanos(), () -> random, real.timer());
  }

  private RepriseClient withChance(double random) {
    RepriseOptions options =
        RepriseOptions.defaults().namespace(namespace).deadline(TestServer.PATIENCE);
    RepriseClient made = RepriseClient.connect(List.of(server.address()), options, chance(random));
    clients.add(made);
    return made;
  }

  @Test
  void shortlyBeforeItIsStaleOneComputesInTheBackground() {
    client.set("k", 1, SetOptions.withTtl(Duration.ofMinutes(1)));
    assertEquals(
        1,
        withChance(1e-9).getOrCompute("k", Integer.class, MINUTE, () -> 2),
        "not in the last tenth");
    advance(Duration.ofSeconds(55));
    assertEquals(
        1, withChance(0.9).getOrCompute("k", Integer.class, MINUTE, () -> 2), "not chosen");
    assertEquals(1, withChance(1e-9).getOrCompute("k", Integer.class, MINUTE, () -> 3));
    TestServer.await("the new value is kept", () -> client.get("k").valueOr(0).equals(3));
  }

  @Test
  void whatChangesDuringAnEarlyComputationIsNotOverwritten() {
    client.set("k", 1, SetOptions.withTtl(Duration.ofMinutes(1)));
    advance(Duration.ofSeconds(55));
    CompletableFuture<Integer> late = new CompletableFuture<>();
    CompletableFuture<Integer> hit =
        withChance(1e-9)
            .getOrComputeAsync(
                "k",
                ValueType.of(Integer.class),
                MINUTE,
                () -> {
                  computed.incrementAndGet();
                  return late;
                });
    assertEquals(1, hit.join());
    TestServer.await("it computes", () -> computed.get() == 1);
    client.invalidateKeys(List.of("k"));
    late.complete(2);
    TestServer.await(
        "the Set came", () -> server.calls(namespace).stream().filter("Set"::equals).count() == 2);
    assertEquals(Lookup.Kind.MISS, client.get("k").kind());
  }

  @Test
  void aCacheThatIsAwayIsDoneWithout() {
    RepriseClient nobody = RepriseClient.connect("127.0.0.1:1");
    clients.add(nobody);
    assertEquals(1, nobody.getOrCompute("k", Integer.class, MINUTE, computed::incrementAndGet));
  }

  @Test
  void whatIsComputedWhileTheCacheIsAwayIsNotKept() {
    server.fault(namespace, "Get", 0, TestServer.failing("STORE_UNAVAILABLE", Duration.ZERO));
    assertEquals(1, client.getOrCompute("k", Integer.class, MINUTE, computed::incrementAndGet));
    // A call that is answered later shows that a Set would have come.
    client.delete("other");
    assertFalse(
        server.calls(namespace).contains("Set"), "it could bring back what was invalidated");
  }

  @Test
  void aValueThatCanNotBeEncodedIsTheCallersMistake() {
    assertThrows(
        CodecException.class,
        () -> client.getOrCompute("k", ValueType.OBJECT, MINUTE, () -> Double.NaN));
    assertEquals(
        1,
        client.getOrCompute("k", ValueType.OBJECT, MINUTE, () -> 1),
        "the lease was handed back");
  }

  @Test
  void closingTheClientEndsWhoWaits() {
    CompletableFuture<Integer> never = begin("k", new CompletableFuture<>());
    TestServer.await("it computes", () -> computed.get() == 1);
    client.close();
    TestServer.await("the caller was told", never::isCompletedExceptionally);
  }
}
