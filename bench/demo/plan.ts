import { limits } from '../../src/base/limits.ts';
import type { Trace } from '../traces/trace.ts';
import { entryWeigher } from './entry-weight.ts';

/** What the user asked for. */
export interface PlanWishes {
  /** Entries that should fit; absent: a tenth of the trace's keys. */
  readonly capacityEntries: number | undefined;
  /** Bytes of each value where the trace has no sizes. */
  readonly valueBytes: number;
}

/** How a trace is put before a cache of one capacity. */
export interface ReplayPlan {
  readonly trace: Trace;
  /** Entries that fit: exact where all weigh the same, else by the mean weight of a request's entry. */
  readonly capacityEntries: number;
  readonly capacityBytes: number;
  /** Digits of every key. */
  readonly keyDigits: number;
  /** Largest value of the replay. */
  readonly valueBytesMax: number;
  /** Bytes of the value that request `index` stores on a miss. */
  readonly valueBytesAt: (index: number) => number;
  /** Weight of that entry, by the server's own formula. */
  readonly weightBytesAt: (index: number) => number;
}

/** Plans a replay. A capacity below the least that a namespace may have is raised to it. */
export function planReplay(trace: Trace, wishes: PlanWishes): ReplayPlan {
  const keyDigits = trace.keyMax.toString().length;
  const weigh = entryWeigher(keyDigits);
  // Sizes above what a server stores are cut: such requests would otherwise never hit and never be stored.
  const valueBytesAt = (index: number): number =>
    Math.min(trace.sizesBytes?.[index] ?? wishes.valueBytes, limits.valueBytesMax);
  const weightBytesAt = (index: number): number => weigh(valueBytesAt(index));
  const weightBytes = meanOf(trace.requests, weightBytesAt);
  const least = Math.ceil(limits.capacityBytesMin / weightBytes);
  const capacityEntries = Math.max(least, wishes.capacityEntries ?? Math.ceil(trace.uniqueKeys / 10));
  const capacityBytes = Math.round(capacityEntries * weightBytes);
  const valueBytesMax = maxOf(trace.requests, valueBytesAt);
  return { trace, capacityEntries, capacityBytes, keyDigits, valueBytesMax, valueBytesAt, weightBytesAt };
}

function meanOf(count: number, at: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += at(index);
  return sum / Math.max(1, count);
}

function maxOf(count: number, at: (index: number) => number): number {
  let max = 0;
  for (let index = 0; index < count; index += 1) max = Math.max(max, at(index));
  return max;
}
