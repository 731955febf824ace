import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type { PartitionStore } from '../partition-store.ts';
import type { BreakerBounds } from './breaker.ts';
import type { AuditOptions } from './open-auditor.ts';
import type { Hash64 } from './placement.ts';

/** What a fleet node's store is made of. */
export interface TieredStoreParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly random: Random;
  /** What receipts call this node. Default: random. */
  readonly nodeName?: string;
  readonly hash: Hash64;
  readonly makePolicy: PolicyFactory;
  /** Milliseconds by which an answer may lag behind an acknowledged change, at most. */
  readonly maxLagMs: number;
  readonly heartbeatMs: number;
  /** Hears of what failed in the background; it is tried again. */
  readonly onFailure: (cause: unknown) => void;
  /** Looks whether what is in memory is right. Absent: it does not. */
  readonly audit?: AuditOptions;
  /** Default: `breakerBounds`. */
  readonly breaker?: Partial<BreakerBounds>;
}
