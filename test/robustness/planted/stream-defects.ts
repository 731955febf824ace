import { status } from '@grpc/grpc-js';
import type { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import type { Received, ReceivedEvent, Session } from '../history/history.ts';
import { beginsWithReset } from '../validators/resume.ts';
import { type Defect, type Place, pickPlace, pickSession, withMessages, withSession } from './defect.ts';

/** Defects in the form of a stream, and in its time. */
export const streamDefects: readonly Defect[] = [
  {
    what: 'a stream begins without Ready',
    breaks: 'StreamShape',
    plant(history, random) {
      const session = pickSession(history, random, ({ received: [first, second] }) => {
        return first?.kind === 'ready' && second !== undefined && second.kind !== 'reset';
      });
      return session && withSession(history, session, { received: session.received.slice(1) });
    },
  },
  {
    what: 'Ready is missing after the first Reset',
    breaks: 'StreamShape',
    plant(history, random) {
      const session = pickSession(history, random, (each) => beginsWithReset(each) && each.received.length > 2);
      return session && withSession(history, session, { received: session.received.toSpliced(1, 1) });
    },
  },
  {
    what: 'Ready comes again',
    breaks: 'StreamShape',
    plant(history, random) {
      const place = pickPlace(history, random, 'ready');
      return place && withMessages(history, place, place.message, place.message);
    },
  },
  {
    what: 'a message has no token',
    breaks: 'StreamShape',
    plant(history, random) {
      const place = pickPlace(history, random, 'progress');
      return place && withMessages(history, place, { ...place.message, mark: undefined });
    },
  },
  {
    what: 'an event comes after GoingAway',
    breaks: 'StreamShape',
    plant(history, random) {
      const place = pickPlace(history, random, 'events');
      if (place === undefined) return undefined;
      const { mark, heardAt, heardMs } = place.message;
      const goingAway: Received = { kind: 'going-away', retryAfterMs: 1, mark, heardAt, heardMs };
      return withMessages(history, place, goingAway, place.message);
    },
  },
  {
    what: 'a stream ends without GoingAway',
    breaks: 'StreamShape',
    plant(history, random) {
      const session = pickSession(history, random, ({ received }) => received.at(-1)?.kind !== 'going-away');
      return session && withSession(history, session, { endCode: status.OK });
    },
  },
  {
    what: 'a stream fails and nobody did anything to it',
    breaks: 'StreamShape',
    plant(history, random) {
      const session = pickSession(history, random, () => true);
      return session && withSession(history, session, { endCode: status.UNAVAILABLE, faults: [] });
    },
  },
  {
    what: 'another progress interval than the one asked for',
    breaks: 'StreamShape',
    plant(history, random) {
      const place = pickPlace(history, random, 'ready');
      return place && withMessages(history, place, { ...place.message, progressIntervalMs: 7 });
    },
  },
  {
    what: 'who reads all the time is told to be slow',
    breaks: 'Bounded',
    plant(history, random) {
      const place = pickPlace(history, random, 'progress', readsAllTheTime);
      if (place === undefined) return undefined;
      return withMessages(history, place, { ...place.message, kind: 'reset', reason: 'SLOW' });
    },
  },
  resetFor('SLOW'),
  resetFor('HISTORY_GONE'),
  resetFor('TOKEN_UNUSABLE'),
  resetFor('UNSPECIFIED'),
  {
    what: 'too much waits for who does not read',
    breaks: 'Bounded',
    plant(history, random) {
      const place = pickPlace(history, random, 'events', ({ message }) => message.mark !== undefined);
      if (place === undefined) return undefined;
      const stalls = [{ afterMessages: 1, from: place.session.received[0]!.mark!.at, to: history.changes.length }];
      const flooded = withMessages(history, place, { ...place.message, events: flood(place.message.events) });
      return withSession(flooded, sessionAt(flooded.sessions, history.sessions.indexOf(place.session)), { stalls });
    },
  },
  {
    what: 'progress does not come',
    breaks: 'ProgressComes',
    plant(history, random) {
      const place = pickPlace(history, random, 'progress', readsAllTheTime);
      return place && withMessages(history, place, { ...place.message, heardMs: place.message.heardMs + 60_000 });
    },
  },
];

function readsAllTheTime({ session }: Pick<Place, 'session'>): boolean {
  return session.stalls.length === 0;
}

function resetFor(reason: keyof typeof ResetReason): Defect {
  return {
    ...{ what: `a subscriber is told ${reason} for no reason`, breaks: 'ResetHasReason' },
    plant(history, random) {
      const place = pickPlace(history, random, 'progress', (found) => found.index > 1 && readsAllTheTime(found));
      return place && withMessages(history, place, { ...place.message, kind: 'reset', reason });
    },
  };
}

function flood(events: readonly ReceivedEvent[]): ReceivedEvent[] {
  return Array.from({ length: 10_000 }, () => events[0]!);
}

function sessionAt(sessions: readonly Session[], index: number): Session {
  return sessions[index]!;
}
