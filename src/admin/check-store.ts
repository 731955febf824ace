import type { PartitionState } from '../store/tiered/partition-state.ts';
import type { Check, Finding } from './check.ts';
import { countText, spanText } from './figures.ts';

/** How what nodes share stands, and what a node may do with it. */
export interface CheckedStore {
  readonly partitionStates: () => readonly PartitionState[];
  /** What of the store can be used now. */
  readonly state: () => { readonly reads: boolean; readonly writes: boolean };
  /** Milliseconds for which a proof counts that a primary is in force. */
  readonly proofAgeMsMax: number;
}

/** Tells whether the primaries are there and in force, and since when. */
export function checkStore(store: CheckedStore): Check {
  return {
    name: 'store',
    look: () => {
      const states = store.partitionStates();
      const away = states.filter(({ primaryProvenMs }) => !(primaryProvenMs! <= store.proofAgeMsMax));
      if (away.length > 0) return [unproven(away, states.length)];
      const { reads, writes } = store.state();
      return [reads && writes ? inForce(states) : refusing(reads, writes)];
    },
  };
}

function unproven(away: readonly PartitionState[], count: number): Finding {
  const longestMs = Math.max(...away.map(({ primaryProvenMs }) => primaryProvenMs ?? Number.POSITIVE_INFINITY));
  const since = Number.isFinite(longestMs) ? `for ${spanText(longestMs)}` : 'since the start';
  return {
    severity: 'error',
    what: `of ${countText(away.length)} of ${countText(count)} partitions no primary has proven to be in force ${since}: reads that memory can't answer and changes are refused`,
    whatToDo:
      'See the finding of `redis`, the log event storeConnectionLost, and Redis itself; docs/fleet.md, When Redis fails.',
  };
}

function refusing(reads: boolean, writes: boolean): Finding {
  const what = [reads ? [] : ['reads'], writes ? [] : ['changes']].flat().join(' and ');
  return {
    severity: 'error',
    what: `${what} are refused without being sent: too many failed lately`,
    whatToDo: 'Look at Redis: they are tried again by themselves. A full Redis under noeviction refuses changes alone.',
  };
}

function inForce(states: readonly PartitionState[]): Finding {
  const shortestMs = Math.min(...states.map(({ primaryForMs }) => primaryForMs ?? 0));
  return {
    severity: 'info',
    what: `all ${countText(states.length)} partitions have their primary, the newest of them for ${spanText(shortestMs)}`,
    whatToDo: 'Nothing. A short time without a restart or failover that you know of is worth a look at Redis.',
  };
}
