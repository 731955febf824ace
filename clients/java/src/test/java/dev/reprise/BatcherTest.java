package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that share a call. A long window makes sure that they meet. */
class BatcherTest extends ServerTest {
  private RepriseClient patient;

  @BeforeEach
  void openPatient() {
    patient = connect(RepriseOptions.defaults().batchWindow(Duration.ofMillis(500)));
  }

  @Test
  void concurrentReadsBecomeOneCall() {
    patient.set("a", 1);
    List<CompletableFuture<Lookup<Integer>>> reads = new ArrayList<>();
    for (String key : List.of("a", "b", "a", "c")) reads.add(patient.getAsync(key, Integer.class));
    List<Lookup.Kind> kinds = reads.stream().map(read -> read.join().kind()).toList();
    assertEquals(
        List.of(Lookup.Kind.HIT, Lookup.Kind.MISS, Lookup.Kind.HIT, Lookup.Kind.MISS), kinds);
    assertEquals(List.of("Set", "BatchGet"), server.calls(namespace));
  }

  @Test
  void aHundredKeysAreSentAtOnce() {
    List<CompletableFuture<Lookup<Integer>>> reads = new ArrayList<>();
    for (int i = 0; i < 150; i++) reads.add(patient.getAsync("k" + i, Integer.class));
    reads.forEach(CompletableFuture::join);
    assertEquals(Collections.nCopies(2, "BatchGet"), server.calls(namespace));
  }

  @Test
  void aReadThatStaysAloneIsAGet() {
    assertEquals(Lookup.Kind.MISS, patient.get("k").kind());
    assertEquals(List.of("Get"), server.calls(namespace));
  }

  @Test
  void aKeyThatIsRefusedFailsAlone() {
    CompletableFuture<Lookup<Integer>> good = patient.getAsync("k", Integer.class);
    CompletableFuture<Lookup<Integer>> bad = patient.getAsync("x".repeat(2000), Integer.class);
    assertEquals(Lookup.Kind.MISS, good.join().kind());
    CompletionException error = assertThrows(CompletionException.class, bad::join);
    assertInstanceOf(InvalidArgumentException.class, error.getCause());
  }

  @Test
  void readsThatWereAllGivenUpAreNotSent() {
    CompletableFuture<Lookup<Integer>> read = patient.getAsync("k", Integer.class);
    assertTrue(read.cancel(true));
    patient.getAsync("later", ValueType.OBJECT, GetOptions.defaults().withTags(true)).join();
    assertEquals(List.of("Get"), server.calls(namespace));
  }
}
