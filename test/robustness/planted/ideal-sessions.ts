import { status } from '@grpc/grpc-js';
import type { SeededRandom } from '../../support/seeded-random.ts';
import type { LoggedChange, Mark, Received, ReceivedEvent, Resume, Session } from '../history/history.ts';
import { matchOf } from '../validators/matching.ts';
import { targetWords } from '../validators/words.ts';
import { pickFilter } from '../workload/pick-filter.ts';

/** The epoch of a made history. */
export const IDEAL_EPOCH = 'e';

/** What ideal sessions are made from. */
export interface IdealParts {
  readonly random: SeededRandom;
  readonly changes: readonly LoggedChange[];
  readonly namespaceId: string;
  readonly subscriber: string;
}

const INTERVAL_MS = 1000;

/** Returns the sessions of one subscriber: each goes on after the last token of the one before, if it has not lost it. */
export function idealSessions(parts: IdealParts, count: number): Session[] {
  const { random, changes, subscriber } = parts;
  const filter = pickFilter(random);
  const sessions: Session[] = [];
  let openedAt = random.below(changes.length / 4);
  let resume: Resume = { kind: 'none' };
  for (let left = count; left > 0; left--) {
    const until = left === 1 ? changes.length : openedAt + random.below((changes.length - openedAt) / 2 + 1);
    const asked = { subscriber, namespaceId: parts.namespaceId, filter, resume, openedAt };
    const received = messages({ ...parts, ...asked }, until);
    sessions.push({
      ...{ ...asked, received },
      ...{ progressIntervalMs: INTERVAL_MS, stalls: [], endReason: '' },
      ...(left === 1 ? { faults: [], endCode: undefined } : { faults: ['cancel'] as const, endCode: status.CANCELLED }),
    });
    const { mark } = received.at(-1)!;
    resume = random.chance(0.2) ? pickUnusable(random, mark!) : { kind: 'after', mark: mark! };
    openedAt = until + random.below((changes.length - until) / 3 + 1);
  }
  return sessions;
}

/** Returns a token that can't be honoured: of nowhere, of another namespace, or of a history that has ended. */
function pickUnusable(random: SeededRandom, mark: Mark): Resume {
  return random.pick<Resume>([
    { kind: 'unusable' },
    { kind: 'after', mark: { ...mark, namespaceId: 'another' } },
    { kind: 'after', mark: { ...mark, epoch: 'ended' } },
  ]);
}

type Asked = IdealParts & Pick<Session, 'filter' | 'resume' | 'openedAt'>;

function messages({ random, changes, namespaceId, filter, resume, openedAt }: Asked, until: number): Received[] {
  const goesOn =
    resume.kind === 'after' && resume.mark.namespaceId === namespaceId && resume.mark.epoch === IDEAL_EPOCH;
  const after = goesOn ? resume.mark.at : openedAt;
  const heard = (at: number): Pick<Received, 'mark' | 'heardAt' | 'heardMs'> => {
    return { mark: { namespaceId, epoch: IDEAL_EPOCH, at }, heardAt: at, heardMs: at };
  };
  const received: Received[] = [{ ...heard(after), kind: 'ready', progressIntervalMs: INTERVAL_MS }];
  const refused = resume.kind !== 'none' && !goesOn;
  if (refused) received.unshift({ ...heard(after), kind: 'reset', reason: 'TOKEN_UNUSABLE' });
  let waiting: LoggedChange[] = [];
  const flush = (at: number): void => {
    const events = newestOnly(waiting, random.chance(0.3)).map(eventOf);
    // Where the change that stands for another comes in a later message, the token of the earlier message says nothing new.
    const ofFirst = events.length < waiting.length ? random.below(events.length) : 0;
    const { at: told } = received.at(-1)!.mark!;
    if (ofFirst > 0) received.push({ ...heard(told), kind: 'events', events: events.slice(0, ofFirst) });
    if (events.length > 0) received.push({ ...heard(at), kind: 'events', events: events.slice(ofFirst) });
    waiting = [];
  };
  for (const change of changes.slice(after, Math.max(after, until))) {
    if (change.namespaceId === namespaceId && matchOf(change, filter) === 'yes') waiting.push(change);
    if (random.chance(0.2)) flush(change.order);
    if (waiting.length === 0 && random.chance(0.1)) received.push({ ...heard(change.order), kind: 'progress' });
  }
  flush(Math.max(after, until));
  received.push({ ...heard(Math.max(after, until)), kind: 'progress' });
  return received;
}

/** Drops what a newer change of the same key, tag, prefix or namespace makes needless. */
function newestOnly(changes: readonly LoggedChange[], coalesce: boolean): readonly LoggedChange[] {
  if (!coalesce) return changes;
  return changes.filter((change) => {
    const standsForIt = (newer: LoggedChange): boolean => {
      if (newer.order <= change.order || targetWords(newer) !== targetWords(change)) return false;
      return newer.mode !== 'MARK_STALE' || change.mode === 'MARK_STALE';
    };
    return !changes.some(standsForIt);
  });
}

function eventOf({ target, cause, mode, revision, order, traceparent }: LoggedChange): ReceivedEvent {
  return { target, cause, mode, revision, order, traceparent, actor: 'anonymous' };
}
