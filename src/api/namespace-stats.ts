import type { Clock } from '../base/clock.ts';
import type { Namespace } from '../cache/namespace.ts';
import type { GetStatsResponse } from '../gen/reprise/v1/admin_service.ts';
import type { Usage } from '../store/store.ts';
import { durationOf } from './durations.ts';

/** Returns the figures of a namespace. */
export function statsOf(namespace: Namespace, usage: Usage, clock: Clock): GetStatsResponse {
  const { hits, misses, sets, deletes, invalidations, notModified, streams } = namespace.counters;
  return {
    namespace: namespace.name,
    entries: BigInt(usage.entries),
    weightBytes: BigInt(usage.weightBytes),
    capacityBytes: BigInt(usage.capacityBytes),
    subscribers: BigInt(streams.open),
    countedFor: durationOf(clock.monotonicMs() - namespace.countedSinceMs),
    hits: BigInt(hits.fresh + hits.negative + notModified),
    staleHits: BigInt(hits.stale),
    misses: total(misses),
    sets: BigInt(sets.stored),
    deletes: BigInt(deletes),
    invalidations: total(invalidations.remove) + total(invalidations.markStale),
    evictions: BigInt(usage.evictions),
    expirations: BigInt(usage.expirations),
  };
}

function total(counts: object): bigint {
  return BigInt(Object.values(counts).reduce((sum: number, count: number) => sum + count, 0));
}
