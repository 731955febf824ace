import { status } from '@grpc/grpc-js';
import type { History, LoggedChange, Received, ReceivedEvent, Session } from '../history/history.ts';
import { mustHear } from '../validators/missing.ts';
import { beginsWithReset, canGoOn } from '../validators/resume.ts';
import { type Defect, pickSession, withSession } from './defect.ts';

/** Defects at the beginning of a stream. */
export const resumeDefects: readonly Defect[] = [
  {
    what: 'the replay drops its last change',
    breaks: 'Resumable',
    plant(history, random) {
      const session = pickSession(history, random, (each) => lastReplayed(history, each) !== undefined);
      if (session === undefined) return undefined;
      const { order } = lastReplayed(history, session)!;
      // With newer events of the key gone too, nothing excuses the loss.
      return without(history, session, (event) => event.order !== undefined && event.order >= order);
    },
  },
  {
    what: 'a resumed stream sends an older change',
    breaks: 'Resumable',
    plant(history, random) {
      const session = pickSession(history, random, (each) => {
        const { received, resume, namespaceId } = each;
        if (!goesOn(each) || resume.kind !== 'after' || received[1]?.kind !== 'events') return false;
        return history.changes.slice(0, resume.mark.at).some((change) => change.namespaceId === namespaceId);
      });
      if (session === undefined || session.resume.kind !== 'after') return undefined;
      const earlier = history.changes.slice(0, session.resume.mark.at);
      const older = earlier.filter(({ namespaceId }) => namespaceId === session.namespaceId).at(-1)!;
      const [ready, first, ...rest] = session.received;
      if (first?.kind !== 'events') return undefined;
      const events = [{ ...older, actor: 'anonymous' }, ...first.events];
      return withSession(history, session, { received: [ready!, { ...first, events }, ...rest] });
    },
  },
  {
    what: 'a stream fails for its token',
    breaks: 'Resumable',
    plant(history, random) {
      const session = pickSession(history, random, (each) => goesOn(each) && !each.faults.includes('cut'));
      if (session === undefined) return undefined;
      const received = session.received.slice(0, 1);
      return withSession(history, session, { received, endCode: status.FAILED_PRECONDITION });
    },
  },
  {
    what: 'a stream is ready later than its token',
    breaks: 'BeginsRight',
    plant(history, random) {
      const session = pickSession(history, random, (each) => {
        const { resume } = each;
        if (!goesOn(each) || resume.kind !== 'after') return false;
        return mustHear(history, each, resume.mark.at, history.changes.length).length > 0;
      });
      if (session === undefined) return undefined;
      return withReadyAt(history, session, history.changes.length);
    },
  },
  {
    what: 'a stream without a token begins in the past',
    breaks: 'BeginsRight',
    plant(history, random) {
      const session = pickSession(history, random, ({ resume, openedAt }) => resume.kind === 'none' && openedAt > 0);
      return session && withReadyAt(history, session, session.openedAt - 1);
    },
  },
  {
    what: 'garbage is taken for a token',
    breaks: 'BeginsRight',
    plant(history, random) {
      const session = pickSession(history, random, (each) => !beginsWithReset(each));
      return session && withSession(history, session, { resume: { kind: 'unusable' } });
    },
  },
  {
    what: 'a good token is refused',
    breaks: 'BeginsRight',
    plant(history, random) {
      const session = pickSession(history, random, goesOn);
      if (session === undefined) return undefined;
      const { mark, heardAt, heardMs } = session.received[0]!;
      const reset = { kind: 'reset', reason: 'TOKEN_UNUSABLE', mark, heardAt, heardMs } as const;
      return withSession(history, session, { received: [reset, ...session.received] });
    },
  },
  refusal('Ready comes before the Reset of an unusable token', ([reset, ready, ...rest]) => [ready, reset, ...rest]),
  refusal('a stream breaks between Ready and the Reset of an unusable token', ([, ready]) => [ready]),
  refusal('an unusable token is told to be too old', ([reset, ...rest]) => [
    { ...reset, kind: 'reset', reason: 'HISTORY_GONE' },
    ...rest,
  ]),
  refusal('a stream is ready earlier than its Reset', ([reset, ready, ...rest]) => [
    reset,
    { ...ready, mark: { ...ready.mark!, at: ready.mark!.at - 1 } },
    ...rest,
  ]),
];

function lastReplayed(history: History, session: Session): LoggedChange | undefined {
  const isWhole = goesOn(session) && session.received.every(({ kind }) => kind !== 'reset');
  if (!isWhole || session.resume.kind !== 'after' || session.received.length < 2) return undefined;
  const told = Math.min(session.openedAt, session.received.at(-1)!.mark?.at ?? 0);
  return mustHear(history, session, session.resume.mark.at, told).at(-1);
}

/** A stream that begins with a Reset and then Ready. */
type Refused = readonly [Received, Received, ...Received[]];

function refusal(what: string, change: (received: Refused) => readonly Received[]): Defect {
  return {
    ...{ what, breaks: 'BeginsRight' },
    plant(history, random) {
      const session = pickSession(history, random, (each) => beginsWithReset(each) && each.received.length > 1);
      return session && withSession(history, session, { received: change(session.received as Refused) });
    },
  };
}

function goesOn(session: Session): boolean {
  return canGoOn(session) && !beginsWithReset(session);
}

function without(history: History, session: Session, lost: (event: ReceivedEvent) => boolean): History {
  const received = session.received.map((message) => {
    return message.kind === 'events' ? { ...message, events: message.events.filter((event) => !lost(event)) } : message;
  });
  return withSession(history, session, { received });
}

function withReadyAt(history: History, session: Session, at: number): History {
  const [ready, ...rest] = session.received;
  return withSession(history, session, { received: [{ ...ready!, mark: { ...ready!.mark!, at } }, ...rest] });
}
