import { covers } from '../../../../src/cache/rules/selector.ts';
import type { FleetHistory } from '../history/fleet-history.ts';
import type { Reading, SetOperation } from '../history/operation.ts';
import type { FleetDefect } from './fleet-defects.ts';

/** Defects in what callers were answered. */
export const answerDefects: readonly FleetDefect[] = [
  {
    what: 'a node serves what was replaced long ago',
    breaks: 'BoundedStaleness',
    plant: (history) => served(history, 'any', (set) => set.origin === 'plain', 2 * history.maxLagMs),
  },
  {
    what: 'a node serves what is over',
    breaks: 'BoundedStaleness',
    plant(history) {
      const reading = history.readings.find(({ outcome }) => outcome.kind === 'hit' && !outcome.stale);
      const outcome = reading?.outcome;
      if (reading === undefined || outcome?.kind !== 'hit') return undefined;
      const operations = history.operations.map((each) => {
        return each.kind === 'set' && each.text === outcome.text ? { ...each, ttlMs: -10_000 } : each;
      });
      return { ...history, operations };
    },
  },
  {
    what: 'a read with a token is answered from before it',
    breaks: 'AtLeastAsFresh',
    plant: (history) => served(history, 'at-least', (set) => set.origin === 'plain', 0),
  },
  {
    what: 'a fill is seen after an invalidation that came while it was computed',
    breaks: 'NoResurrection',
    plant(history) {
      const removal = history.operations.find(({ kind }) => kind === 'delete');
      if (removal?.kind !== 'delete') return undefined;
      const read = history.readings.find(({ sentMs, outcome, key }) => {
        return key === removal.key && outcome.kind === 'hit' && sentMs > removal.endedMs + history.maxLagMs;
      });
      if (read?.outcome.kind !== 'hit') return undefined;
      const { text } = read.outcome;
      const operations = history.operations.map((each) => {
        const isServed = each.kind === 'set' && each.text === text && each.invokedMs > removal.endedMs;
        return isServed ? { ...each, origin: 'fence' as const, begunMs: removal.invokedMs - 1 } : each;
      });
      return { ...history, operations };
    },
  },
  {
    what: 'what was set is missed',
    breaks: 'WriteVisible',
    plant(history) {
      const last = history.readings.findLast(({ outcome, sentMs }) => {
        return outcome.kind === 'hit' && sentMs > 5 * history.maxLagMs && isPlain(history, outcome.text, sentMs);
      });
      if (last === undefined) return undefined;
      return withReading(history, last, { ...last, outcome: { kind: 'miss', reason: 'UNKNOWN' } });
    },
  },
  {
    what: 'a second caller is asked to fill',
    breaks: 'OneFiller',
    plant(history) {
      const [first] = history.grants;
      if (first === undefined) return undefined;
      const second = { ...first, leaseId: 'another', sentMs: first.answeredMs + 1, answeredMs: first.answeredMs + 2 };
      return { ...history, grants: [...history.grants, second] };
    },
  },
  {
    what: 'two changes are answered with one revision',
    breaks: 'RevisionUnique',
    plant(history) {
      const [first, second] = history.operations.filter(({ kind }) => kind === 'set');
      if (first === undefined || second === undefined) return undefined;
      return {
        ...history,
        operations: history.operations.map((each) => (each === second ? { ...each, outcome: first.outcome } : each)),
      };
    },
  },
  {
    what: 'a counter counts once too often',
    breaks: 'OnceOnly',
    plant(history) {
      const counted = history.operations.flatMap((each, index) =>
        each.kind === 'increment' && each.sum! > each.delta ? [index] : [],
      );
      const [index] = counted;
      if (index === undefined) return undefined;
      const operations = history.operations.map((each, at) => {
        return at === index && each.kind === 'increment' ? { ...each, sum: each.sum! + each.delta } : each;
      });
      return { ...history, operations };
    },
  },
  {
    what: 'a node takes all memory',
    breaks: 'Bounded',
    plant: (history) => ({ ...history, samples: [{ node: 1, rssBytes: 1e12 }] }),
  },
];

/** Lets a read be answered with an older value of its key, which was replaced or removed at least so long before. */
function served(
  history: FleetHistory,
  consistency: Reading['consistency'],
  isOld: (set: SetOperation) => boolean,
  sinceMs: number,
): FleetHistory | undefined {
  for (const reading of history.readings) {
    if (reading.consistency !== consistency) continue;
    const sets = history.operations.filter(
      (each): each is SetOperation => each.kind === 'set' && each.key === reading.key,
    );
    const before = sets.filter(({ endedMs }) => endedMs < reading.sentMs - sinceMs);
    const old = before.at(-2);
    if (old === undefined || !isOld(old) || old.outcome.kind !== 'applied') continue;
    const { revision } = old.outcome;
    return withReading(history, reading, {
      ...reading,
      outcome: { kind: 'hit', text: old.text, revision, stale: false },
    });
  }
  return undefined;
}

/** Tells whether a plain Set wrote a text, long enough ago, and nothing that covers it came after it. */
function isPlain(history: FleetHistory, text: string, beforeMs: number): boolean {
  const set = history.operations.find((each) => each.kind === 'set' && each.text === text);
  if (set?.kind !== 'set' || set.origin !== 'plain' || set.endedMs > beforeMs - 2 * history.maxLagMs) return false;
  const later = history.operations.filter(({ invokedMs }) => invokedMs > set.endedMs);
  return later.every((each) => {
    return each.kind === 'invalidate'
      ? !each.selectors.some((selector) => covers(selector, set))
      : each.key !== set.key;
  });
}

function withReading(history: FleetHistory, reading: Reading, changed: Reading): FleetHistory {
  return { ...history, readings: history.readings.map((each) => (each === reading ? changed : each)) };
}
