package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that break, loudly or silently. */
class BrokenConnectionTest extends ServerTest {
  /** How often the connection is cut. */
  private static final int CUTS =
      Integer.parseInt(System.getenv().getOrDefault("REPRISE_RECONNECTS", "100"));

  private static final Duration SHORT = Duration.ofMillis(300);

  /** gRPC allows no shorter time than ten seconds to users. */
  private static NettyChannelBuilder pingSoon(NettyChannelBuilder builder) {
    try {
      Field time = NettyChannelBuilder.class.getDeclaredField("keepAliveTimeNanos");
      time.setAccessible(true);
      time.setLong(builder, TimeUnit.MILLISECONDS.toNanos(200));
    } catch (ReflectiveOperationException renamed) {
      throw new AssertionError(renamed);
    }
    return builder.keepAliveTimeout(1, TimeUnit.SECONDS);
  }

  @Test
  void aDeadConnectionHoldsNoCallBeyondItsDeadlineAndIsGivenUp() {
    try (Proxy proxy = new Proxy(server.address())) {
      RepriseOptions options = RepriseOptions.defaults().namespace(namespace);
      RepriseClient cut =
          RepriseClient.connect(proxy.address(), options.channel(BrokenConnectionTest::pingSoon));
      clients.add(cut);
      TestServer.await("a connection", () -> isAnswered(cut, TestServer.PATIENCE));
      proxy.swallow();
      assertThrows(
          DeadlineExceededException.class,
          () -> cut.get("k", ValueType.OBJECT, GetOptions.defaults().deadline(SHORT)));
      TestServer.await("the connection is given up", () -> isGivenUp(proxy, cut));
      TestServer.await("it comes back", () -> isAnswered(cut, Duration.ofSeconds(2)));
    }
  }

  /** Only a connection that is in use is pinged; the next one may answer at once. */
  private static boolean isGivenUp(Proxy proxy, RepriseClient client) {
    isAnswered(client, SHORT);
    return proxy.given.get() > 0;
  }

  private static boolean isAnswered(RepriseClient client, Duration deadline) {
    try {
      client.get("k", ValueType.OBJECT, GetOptions.defaults().deadline(deadline));
      return true;
    } catch (UnavailableException | DeadlineExceededException away) {
      return false;
    }
  }

  @Test
  @Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatBreaksAgainAndAgainLeavesNothingBehind() {
    Env real = Env.real();
    Env hasty = new Env(real.nanos(), () -> 0, real.timer()); // waits for nothing
    try (Proxy proxy = new Proxy(server.address())) {
      RepriseOptions options =
          RepriseOptions.defaults().namespace(namespace).deadline(TestServer.PATIENCE);
      RepriseClient cut = RepriseClient.connect(List.of(proxy.address()), options, hasty);
      clients.add(cut);
      Subscription changes = cut.subscribe(SubscribeOptions.defaults());
      TestServer.await("the stream", () -> changes.state() == SubscriptionState.READY);
      reconnect(proxy, cut, changes, 20);
      int threads = threads();
      long heap = heapBytes();
      reconnect(proxy, cut, changes, CUTS);
      TestServer.await("as many threads as before", () -> threads() <= threads + 5);
      long grown = heapBytes() - heap;
      System.getLogger("dev.reprise.test")
          .log(
              System.Logger.Level.INFO,
              CUTS + " cuts: threads " + threads + " to " + threads() + ", heap +" + grown);
      assertTrue(grown < 4 << 20, "the heap grew by " + grown);
    }
  }

  private void reconnect(Proxy proxy, RepriseClient cut, Subscription changes, int times) {
    for (int i = 0; i < times; i++) {
      String key = "k" + i;
      proxy.cut();
      client.set(key, i);
      TestServer.await("a read", () -> isAnswered(cut, TestServer.PATIENCE));
      TestServer.await("the change", () -> tells(changes, key));
    }
  }

  private static boolean tells(Subscription changes, String key) {
    return changes
        .poll(Duration.ofMillis(100))
        .filter(message -> message instanceof StreamMessage.Changed)
        .map(message -> ((StreamMessage.Changed) message).change())
        .filter(change -> change.target().equals(new Change.Target.Key(key)))
        .isPresent();
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long heapBytes() {
    for (int i = 0; i < 3; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
