/** What the server says of the time that its refusals took, from one scrape to another. */
export interface ShedWork {
  readonly refusals: number;
  /** Upper bounds, in milliseconds, of the buckets that the percentiles lie in. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Cumulative counts by upper bound in seconds. */
export type Buckets = ReadonlyMap<number, number>;

const BUCKET = /^reprise_request_duration_seconds_bucket\{le="([^"]+)",[^}]*code="RESOURCE_EXHAUSTED"\} (\d+)$/gm;

/** Reads the buckets of refused calls from a scrape, those of all methods added up. */
export function refusedBuckets(scrape: string): Buckets {
  const buckets = new Map<number, number>();
  for (const [, le, count] of scrape.matchAll(BUCKET)) {
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + Number(count));
  }
  return buckets;
}

/** Returns the percentiles of what was refused between two scrapes. */
export function shedWork(before: Buckets, after: Buckets): ShedWork {
  const counts = [...after].map(([bound, count]) => ({ bound, count: count - (before.get(bound) ?? 0) }));
  const refusals = counts.at(-1)?.count ?? 0;
  const boundMs = (share: number): number => (counts.find(({ count }) => count >= share * refusals)?.bound ?? 0) * 1000;
  return { refusals, p50Ms: boundMs(0.5), p99Ms: boundMs(0.99) };
}
