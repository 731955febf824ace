/** Upper bounds of the buckets in milliseconds, inclusive; one more bucket takes what is slower. */
export const latencyBoundsMs: readonly number[] = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
];

const BOUNDS = Float64Array.from(latencyBoundsMs);

/**
 * Counts durations in fixed buckets, a few nanoseconds each: most calls fall into the first buckets, where a scan beats
 * a binary search, and nothing is allocated. Plain form: prom-client's Histogram, which hashes labels on every call.
 */
export class LatencyHistogram {
  // Doubles count exactly up to 2^53, which no process lives to see.
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #sumMs = 0;

  /** Counts one duration. A negative one, which a broken clock could give, counts as 0. */
  observe(elapsedMs: number): void {
    const ms = Math.max(elapsedMs, 0);
    let bucket = 0;
    while (bucket < BOUNDS.length && ms > BOUNDS[bucket]!) bucket++;
    this.#counts[bucket]! += 1;
    this.#sumMs += ms;
  }

  /** Sum of all durations in milliseconds. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /** For each bound how many durations were at most that long, and last the number of all. */
  cumulativeCounts(): number[] {
    let count = 0;
    return Array.from(this.#counts, (inBucket) => {
      count += inBucket;
      return count;
    });
  }
}
