/** What is told of many latencies, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Keeps every latency (8 bytes each), so that percentiles are exact. */
export class LatencyRecorder {
  #samplesMs = new Float64Array(1024);
  #count = 0;

  /** Adds one latency. */
  record(latencyMs: number): void {
    if (this.#count === this.#samplesMs.length) this.#grow();
    this.#samplesMs[this.#count] = latencyMs;
    this.#count += 1;
  }

  /** Returns the summary of what was recorded; zeros if that is nothing. */
  summary(): LatencySummary {
    const sorted = this.#samplesMs.slice(0, this.#count).sort();
    return {
      count: this.#count,
      p50Ms: percentile(sorted, 0.5),
      p90Ms: percentile(sorted, 0.9),
      p99Ms: percentile(sorted, 0.99),
      maxMs: percentile(sorted, 1),
    };
  }

  #grow(): void {
    const larger = new Float64Array(this.#samplesMs.length * 2);
    larger.set(this.#samplesMs);
    this.#samplesMs = larger;
  }
}

/** Returns the nearest-rank percentile of ascending samples: the least one that `share` of all do not exceed. */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * ascending.length));
  return ascending[rank - 1] ?? 0;
}
