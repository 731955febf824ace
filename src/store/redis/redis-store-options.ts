import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { Random } from '../../base/random.ts';
import type { Link } from './link.ts';

/** Bounds of what a partition keeps. */
export interface RedisStoreLimits {
  /** Changes that the log keeps, and a few more: Redis trims it by whole blocks. */
  readonly logChangesMax: number;
  readonly requestIdAgeMsMax: number;
  /** Of one partition. */
  readonly requestIdsMax: number;
  readonly watermarksPerNamespaceMax: number;
  readonly fenceAgeMsMax: number;
  /** Milliseconds for which a node that sends no heartbeats is remembered, at least. */
  readonly nodeMemoryMs: number;
}

/** The bounds where nothing is said. */
export const redisStoreDefaults: RedisStoreLimits = {
  logChangesMax: 100_000,
  requestIdAgeMsMax: limits.requestIdAgeMsMax,
  requestIdsMax: limits.requestIdsMax,
  watermarksPerNamespaceMax: limits.watermarksPerNamespaceMax,
  fenceAgeMsMax: limits.fenceAgeMsMax,
  nodeMemoryMs: 60_000,
};

/** What partitions in Redis are made of. */
export interface RedisStoreOptions {
  /** Closed with the store. */
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  /** What all names in Redis begin with; no braces. Default: `reprise:`. */
  readonly prefix?: string;
  /** A power of two, the same on every node and for ever: 1 on one primary, 256 on a cluster. */
  readonly partitions: number;
  /** Partitions of a namespace that says nothing else. */
  readonly spread: number;
  /** Milliseconds after which the link gives a command up: from then on a change must not be applied. Default: 1000. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds that are added to the time of the servers, so that tests let time pass. Never less than before. */
  readonly timeOffsetMs?: () => number;
  /** The time that stands in place of the servers', in milliseconds, so that tests stop it. */
  readonly stoppedAtMs?: () => number;
  /** Bounds other than the defaults, so that tests reach them. */
  readonly limits?: Partial<RedisStoreLimits>;
}
