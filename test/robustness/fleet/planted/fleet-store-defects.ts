import type { Position } from '../../../../src/cache/rules/position.ts';
import type { FleetHistory, SeenChange } from '../history/fleet-history.ts';
import type { FleetDefect } from './fleet-defects.ts';
import { IDEAL_EPOCH } from './ideal-store.ts';

/** Defects in what the store did. */
export const storeDefects: readonly FleetDefect[] = [
  {
    what: 'a repeated Set is applied twice',
    breaks: 'OnceOnly',
    plant(history) {
      const set = history.operations.find(({ kind }) => kind === 'set');
      const seen = history.log.find(({ change }) => change.author?.traceparent === set?.id);
      if (seen === undefined) return undefined;
      return { ...history, log: [...history.log, again(seen, history.log.length + 1)] };
    },
  },
  {
    what: 'what was said not to be done is done',
    breaks: 'OnceOnly',
    plant(history) {
      const [first] = history.operations;
      if (first === undefined) return undefined;
      const failed = { ...first, outcome: { kind: 'failed', why: 'STORE_UNAVAILABLE' } } as const;
      return { ...history, operations: history.operations.map((each) => (each === first ? failed : each)) };
    },
  },
  {
    what: 'two changes have one name in the log',
    breaks: 'RevisionUnique',
    plant: (history) => ({ ...history, log: [...history.log, ...history.log.slice(-1)] }),
  },
  {
    what: 'a failover loses an invalidation, and nobody makes it again',
    breaks: 'Accepted-is-kept',
    plant(history) {
      const last = history.operations.findLast(({ kind }) => kind === 'invalidate');
      if (last?.outcome.kind !== 'applied') return undefined;
      return forkedAt(history, last.outcome.token[0]!.position.number - 1, last.endedMs + 1);
    },
  },
  {
    what: 'a lost value is served for ever',
    breaks: 'BoundedStaleness',
    plant(history) {
      const last = history.readings.findLast(({ outcome }) => outcome.kind === 'hit');
      if (last?.outcome.kind !== 'hit') return undefined;
      const number = Number(last.outcome.revision.split('-')[1]);
      return forkedAt(history, number - 1, last.sentMs - 2 * history.maxLagMs);
    },
  },
  {
    what: 'a token of what was lost is honoured',
    breaks: 'AtLeastAsFresh',
    plant(history) {
      const last = history.readings.findLast(({ tokens }) => tokens.length > 0);
      if (last === undefined) return undefined;
      return forkedAt(history, last.tokens[0]![0]!.position.number - 1, last.sentMs - 2 * history.maxLagMs);
    },
  },
];

/** The history with another one that follows it, and shares no more than so many changes. */
function forkedAt(history: FleetHistory, fork: number, seenMs: number): FleetHistory {
  const epoch = '00000000000000bb' as Position['epoch'];
  const chain = { epoch, ancestors: [{ epoch: IDEAL_EPOCH, fork }] };
  return { ...history, chains: [...history.chains, { partition: 0, chain, seenMs, notBeforeMs: seenMs - 1 }] };
}

function again({ change, seenMs }: SeenChange, number: number): SeenChange {
  return { seenMs, change: { ...change, position: { epoch: change.position.epoch, number } } };
}
