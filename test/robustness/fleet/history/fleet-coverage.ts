import type { FaultKind } from '../faults/fault.ts';
import type { FleetHistory } from './fleet-history.ts';
import type { FleetRecorder } from './fleet-recorder.ts';

/** How much of what a history of a fleet holds. */
export type FleetCoverage = Readonly<Record<string, number>>;

/** Counts what a history holds. */
export function coverageOfFleet(
  history: Pick<FleetHistory, 'operations' | 'readings' | 'sessions' | 'chains' | 'faults' | 'grants' | 'log'>,
): FleetCoverage {
  const { operations, readings, sessions, chains, faults, log } = history;
  const ended = (kind: string): number => operations.filter(({ outcome }) => outcome.kind === kind).length;
  const sets = operations.filter((operation) => operation.kind === 'set');
  const answered = readings.filter(({ outcome }) => outcome.kind !== 'failed');
  const messages = sessions.flatMap(({ received }) => received);
  return {
    ...{ applied: ended('applied'), refused: ended('refused'), failed: ended('failed'), unknown: ended('unknown') },
    repeated: operations.filter(({ tries }) => tries > 1).length,
    invalidations: operations.filter(({ kind }) => kind === 'invalidate').length,
    increments: operations.filter(({ kind }) => kind === 'increment').length,
    fills: sets.filter(({ origin, outcome }) => origin !== 'plain' && outcome.kind === 'applied').length,
    fillsRefused: sets.filter(({ origin, outcome }) => origin !== 'plain' && outcome.kind === 'refused').length,
    grants: history.grants.length,
    hits: answered.filter(({ outcome }) => outcome.kind === 'hit').length,
    misses: answered.filter(({ outcome }) => outcome.kind === 'miss').length,
    readsFailed: readings.length - answered.length,
    readsWithTokens: answered.filter(({ tokens }) => tokens.length > 0).length,
    tokensRefused: readings.filter(({ outcome }) => outcome.kind === 'failed' && outcome.reason === 'TOKEN_UNUSABLE')
      .length,
    logged: log.length,
    epochs: chains.length,
    sessions: sessions.length,
    resumed: sessions.filter(({ resume, received }) => resume.length > 0 && received[0]?.kind === 'ready').length,
    resets: messages.filter(({ kind }) => kind === 'reset').length,
    events: messages.reduce((sum, message) => sum + (message.kind === 'events' ? message.events.length : 0), 0),
    faults: faults.length,
    faultKinds: new Set(faults.map(({ kind }) => kind)).size,
  };
}

/** Tells whether a run has done as much as it must. What it has written down says nothing of the log, which follows changes. */
export function hasEnough(
  { operations, readings, grants, faults, sessions }: FleetRecorder,
  least: FleetCoverage,
): boolean {
  const known = { operations, readings, grants, faults, sessions: sessions.map((session) => session()) };
  const coverage = coverageOfFleet({ ...known, log: [], chains: [] });
  return shortOfFleet({ ...coverage, logged: coverage['applied']! }, least).length === 0;
}

/** Returns how often each thing was done to a fleet. */
export function faultCounts({ faults }: FleetHistory): ReadonlyMap<FaultKind, number> {
  return new Map([...Map.groupBy(faults, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]));
}

/** What a run of some seconds must at least hold to say anything, on the slowest machine. */
export const leastOfFleet: FleetCoverage = {
  ...{ applied: 60, invalidations: 6, increments: 4, fills: 4, grants: 4, hits: 40, misses: 40, readsWithTokens: 40 },
  ...{ logged: 60, sessions: 8, resumed: 3, events: 100, faults: 2, faultKinds: 2 },
};

/** Returns what a history holds too little of. */
export function shortOfFleet(coverage: FleetCoverage, least: FleetCoverage = leastOfFleet): string[] {
  return Object.keys(least)
    .filter((name) => (coverage[name] ?? 0) < least[name]!)
    .map((name) => `${name}: ${coverage[name] ?? 0} of at least ${least[name]}`);
}
