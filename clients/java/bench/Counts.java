package dev.reprise.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.reprise.RepriseClient;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Counts calls that callers, a thread each, make one after the other. */
final class Counts {
  /** Tells the CPU time of this process, all its threads. */
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Counts() {}

  /** Gets of one key: of the client, of the client that makes batches of them, or of the stub. */
  static Map<String, Object> gets(Command command) throws Exception {
    if (command.who().equals("stub")) {
      try (Stub stub = new Stub(command)) {
        return count(command, stub::get, command.valueBytes(), 1);
      }
    }
    try (RepriseClient client = Clients.open(command)) {
      return count(command, () -> Clients.get(client, command), command.valueBytes(), 1);
    }
  }

  /** Keys that batches of all keys bring: of the client, or of the stub. */
  static Map<String, Object> batches(Command command) throws Exception {
    var keys = command.keys().size();
    if (command.who().equals("stub")) {
      try (Stub stub = new Stub(command)) {
        return count(command, stub::getMany, command.allBytes(), keys);
      }
    }
    try (RepriseClient client = Clients.open(command)) {
      return count(command, () -> Clients.getMany(client, command), command.allBytes(), keys);
    }
  }

  private static Map<String, Object> count(Command command, Call call, int bytes, int each)
      throws Exception {
    call.check(bytes);
    var pool = Executors.newFixedThreadPool(command.callers());
    try {
      long cpuBegan = PROCESS.getProcessCpuTime();
      long began = System.nanoTime();
      Callable<Long> caller =
          () -> {
            long calls = 0;
            for (; System.nanoTime() - began < command.nanos(); calls++) call.check(bytes);
            return calls;
          };
      List<Callable<Long>> callers = new ArrayList<>();
      for (int n = 0; n < command.callers(); n++) callers.add(caller);
      long calls = 0;
      for (Future<Long> made : pool.invokeAll(callers)) calls += made.get();
      double seconds = (System.nanoTime() - began) / 1e9;
      double cpuSeconds = (PROCESS.getProcessCpuTime() - cpuBegan) / 1e9;
      return Map.of("operations", calls * each, "seconds", seconds, "cpuSeconds", cpuSeconds);
    } finally {
      pool.shutdown();
    }
  }
}
