import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Change } from '../../../../src/store/store.ts';
import type { FaultKind } from '../faults/fault.ts';
import type { FleetSession } from './fleet-session.ts';
import type { Grant, Operation, Reading } from './operation.ts';

/** One change as Redis had it in its log. */
export interface SeenChange {
  readonly change: Change;
  /** Monotonic milliseconds of the harness when it was first seen. */
  readonly seenMs: number;
}

/** A history of a partition, as Redis told it. */
export interface SeenChain {
  readonly partition: number;
  readonly chain: EpochChain;
  /** When it was first seen, and when the one before it was last seen: the epoch began in between. */
  readonly seenMs: number;
  readonly notBeforeMs: number;
}

/** Something was done to the fleet. */
export interface SeenFault {
  readonly kind: FaultKind;
  readonly fromMs: number;
  /** When all was well again. */
  readonly toMs: number;
  /** The node that it was done to; `undefined` if it was Redis. */
  readonly node: number | undefined;
  /** The node lost its memory: it remembers no acknowledgements. */
  readonly killed: boolean;
}

/** Memory of one node at one time. */
export interface Sample {
  readonly node: number;
  readonly rssBytes: number;
}

/** What happened in one run, by one clock. Plain data. */
export interface FleetHistory {
  readonly maxLagMs: number;
  readonly namespaceId: string;
  /** Of the namespace; the first is its control partition. */
  readonly partitions: readonly number[];
  /** The partition of each key that was used. */
  readonly partitionOf: ReadonlyMap<string, number>;
  readonly operations: readonly Operation[];
  readonly readings: readonly Reading[];
  readonly grants: readonly Grant[];
  readonly sessions: readonly FleetSession[];
  /** By partition, in the order in which the log had them; an epoch's own numbers each once. */
  readonly log: readonly SeenChange[];
  /** By time. */
  readonly chains: readonly SeenChain[];
  readonly faults: readonly SeenFault[];
  readonly samples: readonly Sample[];
  /** Streams that nodes still hold after all have ended. */
  readonly streamsLeft: number;
  /** From here on nothing was disturbed, and all nodes served. */
  readonly calmMs: number;
  /** The whole log was read after the last call. */
  readonly logIsWhole: boolean;
}
