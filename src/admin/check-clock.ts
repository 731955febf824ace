import type { PartitionState } from '../store/tiered/partition-state.ts';
import type { Check, Finding } from './check.ts';
import { spanText } from './figures.ts';

/** Milliseconds of difference that people begin to notice, and that logs can't be compared with. */
const NOTICED_MS = 1000;
const MISLEADING_MS = 60_000;

/** Tells when this node's clock and the store's differ. No answer depends on it: times that people read do. */
export function checkClock(partitionStates: () => readonly PartitionState[]): Check {
  return {
    name: 'clock',
    look: () => {
      const differences = partitionStates().flatMap(({ clockAheadMs }) => clockAheadMs ?? []);
      const worstMs = differences.reduce((worst, ms) => (Math.abs(ms) > Math.abs(worst) ? ms : worst), 0);
      return Math.abs(worstMs) < NOTICED_MS ? [] : [apart(worstMs)];
    },
  };
}

function apart(aheadMs: number): Finding {
  const side = aheadMs > 0 ? 'behind' : 'ahead of';
  return {
    severity: Math.abs(aheadMs) < MISLEADING_MS ? 'info' : 'warning',
    what: `this node's clock is ${spanText(Math.abs(aheadMs))} ${side} that of Redis`,
    whatToDo:
      'Lifetimes and answers are not touched: Redis decides. Times in logs and answers are: keep clocks by NTP.',
  };
}
