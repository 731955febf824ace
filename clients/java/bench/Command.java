package dev.reprise.bench;

import java.util.List;

/**
 * A measurement that the orchestrator asks for.
 *
 * @param does what is measured: {@code gets}, {@code batches} or {@code latencies}
 * @param who who does it; each measurement knows its own contestants
 * @param address of the server
 * @param namespace of the keys
 * @param keys what the server has
 * @param valueBytes the size of each value
 * @param seconds how long
 * @param callers how many at the same time
 */
record Command(
    String does,
    String who,
    String address,
    String namespace,
    List<String> keys,
    int valueBytes,
    double seconds,
    int callers) {

  /** Returns how long it lasts. */
  long nanos() {
    return (long) (seconds * 1e9);
  }

  /** Returns what all keys bring together. */
  int allBytes() {
    return keys.size() * valueBytes;
  }
}
