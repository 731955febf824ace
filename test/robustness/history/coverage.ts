import type { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { mustHear } from '../validators/missing.ts';
import { beginsWithReset, canGoOn } from '../validators/resume.ts';
import { eventsOf, stretchesOf } from '../validators/stretches.ts';
import type { FaultName, History, LoggedChange, Received, Session } from './history.ts';

/** How much of what a history holds. */
export interface Coverage {
  readonly changes: number;
  /** Calls that were given up and changed something, or not. */
  readonly unanswered: number;
  readonly sessions: number;
  readonly events: number;
  readonly progress: number;
  /** Streams that went on after a token, and events that they were told of the past. */
  readonly resumed: number;
  readonly replayed: number;
  /** Streams whose token could not be used. */
  readonly refused: number;
  readonly slowResets: number;
  readonly historyGone: number;
  /** Of those, streams that broke between their Reset and Ready. */
  readonly brokenUnready: number;
  /** Changes that were not told, because a newer one of their key was; or of their tag, prefix or namespace. */
  readonly coalesced: number;
  readonly coalescedWide: number;
  /** Most changes by which a token was behind when a subscriber who reads all the time received it. */
  readonly trailMax: number;
  readonly farewells: number;
  readonly cancels: number;
  readonly cuts: number;
  readonly stalls: number;
  readonly restarts: number;
}

/** Counts what a history holds. */
export function coverageOf(history: History): Coverage {
  const { changes, mutations, sessions, restarts } = history;
  const messages = sessions.flatMap(({ received }) => received);
  const refused = sessions.filter(beginsWithReset);
  const resumed = sessions.filter((session) => canGoOn(session) && !refused.includes(session) && keepsItsPast(session));
  const replayed = resumed.flatMap((session) => {
    return eventsOf(session).filter(({ order }) => order !== undefined && order <= session.openedAt);
  });
  const ofKind = (kind: Received['kind']): number => messages.filter((message) => message.kind === kind).length;
  const disturbed = (name: FaultName): number => sessions.filter(({ faults }) => faults.includes(name)).length;
  return {
    changes: changes.length,
    unanswered: mutations.filter(({ answeredAt }) => answeredAt === undefined).length,
    sessions: sessions.length,
    events: sessions.reduce((sum, session) => sum + eventsOf(session).length, 0),
    progress: ofKind('progress'),
    resumed: resumed.length,
    replayed: replayed.length,
    refused: refused.length,
    brokenUnready: refused.filter(({ received }) => received.length === 1).length,
    slowResets: resetsOf(messages, 'SLOW'),
    historyGone: resetsOf(messages, 'HISTORY_GONE'),
    coalesced: coalescedIn(history, ({ kind }) => kind === 'key'),
    coalescedWide: coalescedIn(history, ({ kind }) => kind !== 'key'),
    trailMax: trailMaxOf(history),
    farewells: ofKind('going-away'),
    cancels: disturbed('cancel'),
    cuts: disturbed('cut'),
    stalls: disturbed('stall'),
    restarts,
  };
}

function resetsOf(messages: readonly Received[], reason: keyof typeof ResetReason): number {
  return messages.filter((message) => message.kind === 'reset' && message.reason === reason).length;
}

function keepsItsPast({ received }: Session): boolean {
  return received[1]?.kind !== 'reset';
}

function coalescedIn(history: History, about: (target: LoggedChange['target']) => boolean): number {
  const counts = history.sessions.flatMap((session) => {
    return stretchesOf(session).map(({ from, to, message, events }) => {
      const due = message.kind === 'reset' ? [] : mustHear(history, session, from, to);
      const told = new Set(events.map(({ revision }) => revision));
      return due.filter(({ target, revision }) => about(target) && !told.has(revision)).length;
    });
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function trailMaxOf({ sessions }: History): number {
  const reading = sessions.filter(({ stalls, resume }) => stalls.length === 0 && resume.kind === 'none');
  const trails = reading.flatMap(({ received }) =>
    received.map(({ mark, heardAt }) => heardAt - (mark?.at ?? heardAt)),
  );
  return trails.reduce((most, trail) => Math.max(most, trail), 0);
}

/** Returns what a history holds too little of. */
export function shortOf(coverage: Coverage, least: Partial<Coverage>): string[] {
  const names = Object.keys(least) as (keyof Coverage)[];
  return names
    .filter((name) => coverage[name] < (least[name] ?? 0))
    .map((name) => `${name}: ${coverage[name]} of at least ${least[name]}`);
}
