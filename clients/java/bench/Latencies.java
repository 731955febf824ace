package dev.reprise.bench;

import dev.reprise.ComputeOptions;
import dev.reprise.RepriseClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Times calls one after the other: getOrCompute that hits or misses, or the stub's Get. */
final class Latencies {
  private static final ComputeOptions OPTIONS = ComputeOptions.withTtl(Duration.ofMinutes(10));

  private Latencies() {}

  static Map<String, Object> measure(Command command) {
    if (command.who().equals("stub")) {
      try (Stub stub = new Stub(command)) {
        return time(command, call -> stub::get);
      }
    }
    var value = new byte[command.valueBytes()];
    var run = "compute:" + Long.toHexString(System.nanoTime()) + ":";
    var isMiss = command.who().equals("miss");
    try (RepriseClient client = Clients.open(command)) {
      return time(
          command,
          call -> {
            var key = isMiss ? run + call : command.keys().get(0);
            return () -> client.getOrCompute(key, byte[].class, OPTIONS, () -> value).length;
          });
    }
  }

  private static Map<String, Object> time(Command command, IntFunction<Call> calls) {
    calls.apply(0).check(command.valueBytes());
    List<Long> samplesUs = new ArrayList<>();
    long began = System.nanoTime();
    long sent = began;
    while (sent - began < command.nanos()) {
      calls.apply(samplesUs.size() + 1).check(command.valueBytes());
      long answered = System.nanoTime();
      samplesUs.add((answered - sent) / 1000);
      sent = answered;
    }
    return Map.of("samplesUs", samplesUs, "perSecond", samplesUs.size() * 1e9 / (sent - began));
  }
}
