import { readFileSync } from 'node:fs';
import xxhash from 'xxhash-wasm';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Lru } from '../../src/policy/lru.ts';
import type { PartitionStore } from '../../src/store/partition-store.ts';
import { openLink } from '../../src/store/redis/open-link.ts';
import { RedisPartitionStore } from '../../src/store/redis/redis-partition-store.ts';
import type { RedisStoreOptions } from '../../src/store/redis/redis-store-options.ts';
import { parseRedisUrl } from '../../src/store/redis/redis-url.ts';
import { TieredStore, type TieredStoreParts } from '../../src/store/tiered/tiered-store.ts';
import { ManualClock } from './manual-clock.ts';
import type { RedisRig } from './redis/rig.ts';

/** How a tiered store differs from what is usual. */
export interface TieredOptions {
  /** What its names in Redis begin with. */
  readonly prefix: string;
  readonly redis?: Partial<RedisStoreOptions>;
  /** Milliseconds that a command may take. Default: PATIENCE_MS. */
  readonly commandTimeoutMs?: number;
  readonly tiered?: Partial<TieredStoreParts>;
  /** Puts something between the tiered store and Redis. */
  readonly wrap?: (partitions: PartitionStore) => PartitionStore;
}

/** Milliseconds for which nobody gives up: machines that run tests stand still at times. A test that is about these gives its own. */
export const PATIENCE_MS = 10_000;

let prefixes = 0;

/** Returns a prefix that no other test uses, below the one that the rig's user may touch. */
export function freshPrefix({ prefix }: RedisRig): string {
  return `${prefix}${process.pid}-${++prefixes}:`;
}

/** Opens partitions in the Redis of a rig. */
export async function openPartitions(
  rig: RedisRig,
  { prefix, redis, commandTimeoutMs = PATIENCE_MS }: Pick<TieredOptions, 'prefix' | 'redis' | 'commandTimeoutMs'>,
): Promise<RedisPartitionStore> {
  const tls = rig.caFile === undefined ? undefined : { ca: readFileSync(rig.caFile) };
  const parts = { clock: systemClock, random: systemRandom };
  const link =
    redis?.link ?? (await openLink({ ...parts, url: parseRedisUrl(rig.url), tls, commandTimeoutMs }, PATIENCE_MS));
  const shape = rig.shape === 'cluster' ? { partitions: 256, spread: 16 } : { partitions: 1, spread: 1 };
  return new RedisPartitionStore({ ...parts, link, prefix, commandTimeoutMs, ...shape, ...redis });
}

/** Opens a fleet node's store over the Redis of a rig. */
export async function openTieredStore(rig: RedisRig, options: TieredOptions): Promise<TieredStore> {
  const partitions = await openPartitions(rig, options);
  const { h64 } = await xxhash();
  return new TieredStore({
    partitions: options.wrap === undefined ? partitions : options.wrap(partitions),
    clock: systemClock,
    random: systemRandom,
    hash: h64,
    makePolicy: (slotCount) => new Lru(slotCount),
    maxLagMs: PATIENCE_MS,
    heartbeatMs: 250,
    breaker: { silenceMsMax: PATIENCE_MS },
    onFailure: () => {},
    ...options.tiered,
  });
}

/** A tiered store whose time stands still, in Redis and on the node, until it is let pass. */
export interface StoppedTieredStore {
  readonly store: TieredStore;
  advance(ms: number): Promise<void>;
}

/** Opens a fleet node's store whose time only passes by `advance`. */
export async function openStoppedTieredStore(
  rig: RedisRig,
  tiered: Partial<TieredStoreParts> = {},
): Promise<StoppedTieredStore> {
  const clock: ManualClock & Clock = new ManualClock();
  const startMs = systemClock.nowMs();
  const stoppedAtMs = (): number => Math.floor(startMs + clock.monotonicMs());
  const prefix = freshPrefix(rig);
  // Time leaps while Redis is on its way to answer.
  const breaker = { silenceMsMax: Number.MAX_SAFE_INTEGER };
  const store = await openTieredStore(rig, { prefix, redis: { stoppedAtMs }, tiered: { clock, breaker, ...tiered } });
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    store.expireDue(10_000);
    await store.caughtUp();
  };
  return { store, advance };
}
