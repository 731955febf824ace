import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { PartitionApplied, PartitionWrite, Registration } from '../../src/store/partition-store.ts';
import { RedisPartitionStore } from '../../src/store/redis/redis-partition-store.ts';
import type { RedisStoreOptions } from '../../src/store/redis/redis-store-options.ts';
import type { Guarded, NamespaceId } from '../../src/store/store.ts';
import { freshPrefix, openPartitions } from './open-tiered-store.ts';
import type { RedisRig } from './redis/rig.ts';

/** The namespace of most tests of partitions. */
export const NS = 'namespace' as NamespaceId;

/** Partitions under test, and how to look behind them. */
export interface PartitionBench extends AsyncDisposable {
  readonly store: RedisPartitionStore;
  /** What its names in Redis begin with, the hash tag of partition 0 included. */
  readonly own: string;
  readonly prefix: string;
}

/** Opens partitions in the Redis of a rig, under names of their own; `await using` closes them. */
export async function openBench(rig: RedisRig, redis: Partial<RedisStoreOptions> = {}): Promise<PartitionBench> {
  const { prefix = freshPrefix(rig) } = redis;
  const { link } = redis;
  const own = { clock: systemClock, random: systemRandom, partitions: 1, spread: 1, prefix, ...redis };
  const store =
    link === undefined ? await openPartitions(rig, { prefix, redis }) : new RedisPartitionStore({ ...own, link });
  return { store, prefix, own: `${prefix}{0}:`, [Symbol.asyncDispose]: () => store.close() };
}

/** Builds a write: a plain one, unless told otherwise. */
export function somePartitionWrite(key: string, parts: Partial<PartitionWrite> = {}): PartitionWrite {
  return {
    namespaceId: NS,
    key,
    value: Buffer.from(`value of ${key}`),
    contentType: 'text/plain',
    tags: [],
    ttlMs: 60_000,
    staleWindowMs: 0,
    guard: { kind: 'none' },
    stamp: undefined,
    ...parts,
  };
}

/** Builds what a node registers: that it is there, unless told more. */
export function registration(id: string, parts: Partial<Registration> = {}): Registration {
  return { id, name: id, trustedMs: 1000, applied: undefined, streamed: undefined, ...parts };
}

/** Returns a change that must have been applied. */
export function appliedChange(outcome: PartitionApplied | Guarded): PartitionApplied {
  if (outcome.kind === 'guarded') throw new Error('the change was guarded');
  return outcome;
}
