package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import dev.reprise.testing.v1.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is tried again, how often and when. */
class RetryTest extends ServerTest {
  private static Fault.Builder cutAfterWork() {
    return Fault.newBuilder().setAfterWork(true).setCut(Empty.getDefaultInstance());
  }

  @Test
  void aChangeWhoseConnectionBrokeIsAppliedOnce() {
    server.fault(namespace, "Increment", 2, cutAfterWork());
    assertEquals(5, ((IncrementResult.Incremented) client.increment("n", 5)).value());
    assertEquals(List.of("Increment", "Increment", "Increment"), server.calls(namespace));
  }

  @Test
  void aChangeThatBrokeInEachTryMayHaveBeenApplied() {
    server.fault(namespace, "Set", 3, cutAfterWork());
    assertThrows(OutcomeUnknownException.class, () -> client.set("k", 1));
  }

  @Test
  void aReadThatBrokeInEachTryIsUnavailable() {
    server.fault(namespace, "Exists", 3, Fault.newBuilder().setCut(Empty.getDefaultInstance()));
    assertThrows(UnavailableException.class, () -> client.exists("k"));
  }

  @Test
  void whereNobodyListensNothingMayHaveBeenApplied() {
    RepriseClient nobody = RepriseClient.connect("127.0.0.1:1");
    clients.add(nobody);
    assertThrows(UnavailableException.class, () -> nobody.set("k", 1));
  }

  @Test
  void noTryComesSoonerThanTheServerSaid() {
    server.fault(namespace, "Exists", 1, TestServer.failing("OVERLOADED", Duration.ofMillis(400)));
    long begun = System.nanoTime();
    assertFalse(client.exists("k").exists());
    assertTrue(System.nanoTime() - begun >= Duration.ofMillis(400).toNanos());
  }

  @Test
  void aWaitBeyondTheDeadlineIsNotBegun() {
    server.fault(namespace, "Exists", 0, TestServer.failing("OVERLOADED", Duration.ofMinutes(5)));
    OverloadedException error = assertThrows(OverloadedException.class, () -> client.exists("k"));
    assertEquals(Duration.ofMinutes(5), error.retryAfter().orElseThrow());
    assertEquals(1, server.calls(namespace).size());
  }

  @Test
  void theBudgetSavesTenRetriesAndEarnsATenthByCall() {
    RetryBudget budget = new RetryBudget();
    budget.earn();
    for (int i = 0; i < 10; i++) assertTrue(budget.spend());
    assertFalse(budget.spend());
    for (int i = 0; i < 10; i++) budget.earn();
    assertFalse(budget.spend(), "ten tenths, as they are added, are a little less than one");
    budget.earn();
    assertTrue(budget.spend());
    assertFalse(budget.spend());
  }

  @Test
  void delaysGrowAtRandomUpToTheirBound() {
    Env most = new Env(System::nanoTime, () -> 1.0, null);
    Env least = new Env(System::nanoTime, () -> 0.0, null);
    Duration first = Duration.ofMillis(25);
    Duration bound = Duration.ofSeconds(1);
    assertEquals(first, most.jitter(first, bound, 0));
    assertEquals(Duration.ofMillis(100), most.jitter(first, bound, 2));
    assertEquals(bound, most.jitter(first, bound, 6));
    assertEquals(bound, most.jitter(first, bound, 1000));
    assertEquals(Duration.ZERO, least.jitter(first, bound, 3));
  }
}
