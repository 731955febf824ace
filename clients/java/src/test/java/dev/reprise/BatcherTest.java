package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.testing.v1.Fault;
import dev.reprise.testing.v1.ListCallsRequest;
import dev.reprise.testing.v1.RecordedCall;
import dev.reprise.v1.BatchGetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reads that share a call. One that is held on the way makes sure that the others meet; the window
 * of an hour, that it is not what lets them go.
 */
class BatcherTest extends ServerTest {
  private RepriseClient patient;

  @BeforeEach
  void openPatient() {
    patient = connect(RepriseOptions.defaults().batchWindow(Duration.ofHours(1)));
  }

  /** Begins a read that is answered by nobody: to cancel it lets those go that wait behind it. */
  private CompletableFuture<?> hold(RepriseClient reader) {
    server.fault(namespace, "Get", 1, Fault.newBuilder().setSilence(Empty.getDefaultInstance()));
    CompletableFuture<?> held = reader.getAsync("held", Integer.class);
    TestServer.await("a call is on the way", () -> server.calls(namespace).contains("Get"));
    return held;
  }

  @Test
  void readsThatComeMeanwhileBecomeOneCall() {
    patient.set("a", 1);
    CompletableFuture<?> held = hold(patient);
    List<CompletableFuture<Lookup<Integer>>> reads = new ArrayList<>();
    for (String key : List.of("a", "b", "a", "c")) reads.add(patient.getAsync(key, Integer.class));
    held.cancel(true);
    List<Lookup.Kind> kinds = reads.stream().map(read -> read.join().kind()).toList();
    assertEquals(
        List.of(Lookup.Kind.HIT, Lookup.Kind.MISS, Lookup.Kind.HIT, Lookup.Kind.MISS), kinds);
    assertEquals(List.of("Set", "Get", "BatchGet"), server.calls(namespace));
  }

  @Test
  void aHundredKeysAreSentAtOnce() {
    CompletableFuture<?> held = hold(patient);
    List<CompletableFuture<Lookup<Integer>>> reads = new ArrayList<>();
    for (int i = 0; i < 100; i++) reads.add(patient.getAsync("k" + i, Integer.class));
    reads.forEach(CompletableFuture::join);
    assertEquals(List.of("Get", "BatchGet"), server.calls(namespace));
    held.cancel(true);
  }

  @Test
  void oneReadAfterAnotherWaitsForNoWindow() {
    for (int i = 0; i < 5; i++) assertEquals(Lookup.Kind.MISS, patient.get("k").kind());
    assertEquals(Collections.nCopies(5, "Get"), server.calls(namespace));
  }

  @Test
  void aCallThatHangsHoldsNobodyLongerThanTheWindow() {
    CompletableFuture<?> held = hold(client);
    assertEquals(Lookup.Kind.MISS, client.get("k").kind());
    assertEquals(List.of("Get", "Get"), server.calls(namespace));
    held.cancel(true);
  }

  @Test
  void aBatchIsNeverLargerThanAHundred() throws InterruptedException {
    RepriseClient hasty = connect(RepriseOptions.defaults().batchWindow(Duration.ofNanos(1)));
    List<CompletableFuture<?>> reads = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int part = i;
      threads.add(new Thread(() -> readFifty(hasty, part, begin, reads)));
    }
    threads.forEach(Thread::start);
    begin.countDown();
    for (Thread thread : threads) thread.join(TestServer.PATIENCE.toMillis());
    assertEquals(400, reads.size());
    reads.forEach(BatcherTest::answeredOrShed);
    assertTrue(keysOfBatches().stream().allMatch(keys -> keys <= 100), "" + keysOfBatches());
  }

  private static void readFifty(
      RepriseClient reader, int part, CountDownLatch begin, List<CompletableFuture<?>> reads) {
    try {
      begin.await();
    } catch (InterruptedException ended) {
      return;
    }
    for (int i = 0; i < 50; i++) reads.add(reader.getAsync(part + ":" + i, Integer.class));
  }

  /** A slow server may shed some of so many calls: what counts is what it was sent. */
  private static void answeredOrShed(CompletableFuture<?> read) {
    try {
      read.join();
    } catch (CompletionException error) {
      assertInstanceOf(OverloadedException.class, error.getCause());
    }
  }

  private List<Integer> keysOfBatches() {
    List<Integer> keys = new ArrayList<>();
    ListCallsRequest of =
        ListCallsRequest.newBuilder()
            .setNamespace(namespace)
            .setMethod("reprise.v1.CacheService/BatchGet")
            .build();
    for (RecordedCall call : server.testing().listCalls(of).getCallsList()) {
      try {
        keys.add(call.getRequest().unpack(BatchGetRequest.class).getKeysCount());
      } catch (InvalidProtocolBufferException unreadable) {
        throw new AssertionError(unreadable);
      }
    }
    return keys;
  }

  @Test
  void aKeyThatIsRefusedFailsAlone() {
    CompletableFuture<?> held = hold(patient);
    CompletableFuture<Lookup<Integer>> good = patient.getAsync("k", Integer.class);
    CompletableFuture<Lookup<Integer>> bad = patient.getAsync("x".repeat(2000), Integer.class);
    held.cancel(true);
    assertEquals(Lookup.Kind.MISS, good.join().kind());
    CompletionException error = assertThrows(CompletionException.class, bad::join);
    assertInstanceOf(InvalidArgumentException.class, error.getCause());
  }

  @Test
  void readsThatWereAllGivenUpAreNotSent() {
    CompletableFuture<?> held = hold(patient);
    CompletableFuture<Lookup<Integer>> read = patient.getAsync("k", Integer.class);
    assertTrue(read.cancel(true));
    held.cancel(true);
    assertEquals(Lookup.Kind.MISS, patient.get("later").kind());
    assertEquals(List.of("Get", "Get"), server.calls(namespace));
  }
}
