import type { PartitionState } from '../store/tiered/partition-state.ts';
import type { Check, Finding } from './check.ts';
import { countText, namesText, spanText } from './figures.ts';

/** How far this node follows, and how far it has to. */
export interface CheckedTails {
  readonly partitionStates: () => readonly PartitionState[];
  /** Milliseconds by which an answer from memory may lag; 0: memory answers nothing. */
  readonly maxLagMs: number;
}

/** Tells which partitions this node may not serve from memory, because it can't prove to have all their changes. */
export function checkTailLag({ partitionStates, maxLagMs }: CheckedTails): Check {
  return {
    name: 'tail-lag',
    look: () => {
      const states = partitionStates();
      const behind = states.filter(({ permitted }) => !permitted);
      return maxLagMs === 0 || behind.length === 0 ? [] : [lagging(behind, states.length, maxLagMs)];
    },
  };
}

function lagging(behind: readonly PartitionState[], count: number, maxLagMs: number): Finding {
  const texts = behind.map(({ partition, tailProvenMs }) =>
    tailProvenMs === undefined ? `${partition} (never)` : `${partition} (${spanText(tailProvenMs)} ago)`,
  );
  return {
    severity: 'warning',
    what: `${countText(behind.length)} of ${countText(count)} partitions were last proven complete longer ago than ${spanText(maxLagMs)}, and are not served from memory: ${namesText(texts)}`,
    whatToDo:
      'Every read of them asks Redis. If it lasts: more CPU for this node, a better network, or a longer --max-lag.',
  };
}
