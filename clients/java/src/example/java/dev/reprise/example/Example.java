package dev.reprise.example;

import dev.reprise.Change;
import dev.reprise.ComputeOptions;
import dev.reprise.Lookup;
import dev.reprise.RepriseClient;
import dev.reprise.RepriseOptions;
import dev.reprise.SetOptions;
import dev.reprise.SubscribeOptions;
import dev.reprise.Subscription;
import dev.reprise.SubscriptionState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A walk through the client: give it the address of a server. */
public final class Example {
  private Example() {}

  /** What a shop knows of a track. */
  record Track(String title, int seconds) {}

  /**
   * Walks.
   *
   * @param arguments the server's {@code HOST:PORT}
   * @throws InterruptedException if somebody interrupts it
   */
  public static void main(String[] arguments) throws InterruptedException {
    RepriseOptions options = RepriseOptions.defaults().deadline(Duration.ofSeconds(20));
    try (RepriseClient client = RepriseClient.connect(arguments[0], options)) {
      setAndGet(client);
      computeOnce(client);
      listen(client);
    }
  }

  private static void setAndGet(RepriseClient client) {
    Track karma = new Track("Karma Police", 261);
    client.set("track:63", karma, SetOptions.withTtl(Duration.ofMinutes(10)).tags("artist:7"));
    Lookup<Track> found = client.get("track:63", Track.class);
    if (found instanceof Lookup.Hit<Track> hit) {
      System.out.println(
          "hit: "
              + hit.value().title()
              + ", fresh for "
              + hit.entry().freshFor().toMinutes()
              + " min");
    }
    client.invalidateTags(List.of("artist:7"));
    if (client.get("track:63", Track.class) instanceof Lookup.Miss<Track> miss) {
      System.out.println("miss: " + miss.reason());
    }
  }

  private static void computeOnce(RepriseClient client) {
    ComputeOptions tenMinutes =
        ComputeOptions.withTtl(Duration.ofMinutes(10)).staleWindow(Duration.ofHours(1));
    for (int i = 0; i < 2; i++) {
      Track track =
          client.getOrCompute("track:64", Track.class, tenMinutes, () -> fromDatabase("Lucky"));
      System.out.println("track: " + track.title());
    }
  }

  private static Track fromDatabase(String title) {
    System.out.println("computed");
    return new Track(title, 259);
  }

  private static void listen(RepriseClient client) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    SubscribeOptions tracks =
        SubscribeOptions.defaults()
            .prefixes("track:")
            .includeOwn(true)
            .onState(
                state -> {
                  if (state == SubscriptionState.READY) ready.countDown();
                });
    try (Subscription subscription = client.subscribe(tracks)) {
      if (!ready.await(30, TimeUnit.SECONDS))
        throw new IllegalStateException("The stream is not ready");
      client.set("track:65", new Track("Airbag", 284));
      Change change = subscription.changes().iterator().next();
      System.out.println(change.cause() + ": " + change.target());
    }
  }
}
