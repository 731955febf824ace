package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that passes through calls nobody: this one could reach nobody. */
class PassThroughTest {
  private final RepriseOptions options = RepriseOptions.defaults().passThrough(true);

  @Test
  void readsMissAndChangesSayThatTheyDidNothing() {
    try (RepriseClient client = RepriseClient.connect("127.0.0.1:1", options)) {
      assertEquals(MissReason.PASS_THROUGH, ((Lookup.Miss<Object>) client.get("k")).reason());
      assertEquals(Lookup.Kind.MISS, client.getMany(List.of("k"), Integer.class).get("k").kind());
      assertFalse(client.exists("k").exists());
      assertInstanceOf(SetResult.PassedThrough.class, client.set("k", 1));
      assertInstanceOf(
          SetResult.PassedThrough.class, client.setNegative("k", SetOptions.defaults()));
      assertInstanceOf(
          SetResult.PassedThrough.class,
          client.setMany(List.of(SetItem.value("k", 1, SetOptions.defaults()))).get(0));
      assertInstanceOf(DeleteResult.PassedThrough.class, client.delete("k"));
      assertInstanceOf(DeleteResult.PassedThrough.class, client.deleteMany(List.of("k")).get(0));
      assertInstanceOf(TouchResult.PassedThrough.class, client.touch("k", TouchOptions.defaults()));
      assertInstanceOf(IncrementResult.PassedThrough.class, client.increment("k", 1));
      assertInstanceOf(InvalidateResult.PassedThrough.class, client.invalidateKeys(List.of("k")));
      assertInstanceOf(InvalidateResult.PassedThrough.class, client.invalidateTags(List.of("t")));
      assertInstanceOf(InvalidateResult.PassedThrough.class, client.invalidatePrefix("p:"));
      assertInstanceOf(InvalidateResult.PassedThrough.class, client.invalidateAll());
    }
  }

  @Test
  void valuesAreComputedEachTime() {
    AtomicInteger computed = new AtomicInteger();
    ComputeOptions minute = ComputeOptions.withTtl(Duration.ofMinutes(1));
    try (RepriseClient client = RepriseClient.connect("127.0.0.1:1", options)) {
      assertEquals(1, client.getOrCompute("k", Integer.class, minute, computed::incrementAndGet));
      assertEquals(2, client.getOrCompute("k", Integer.class, minute, computed::incrementAndGet));
    }
  }

  @Test
  void aSubscriptionIsReadyAndTellsNothing() {
    try (RepriseClient client = RepriseClient.connect("127.0.0.1:1", options);
        Subscription subscription = client.subscribe(SubscribeOptions.defaults())) {
      assertEquals(SubscriptionState.READY, subscription.state());
    }
  }
}
