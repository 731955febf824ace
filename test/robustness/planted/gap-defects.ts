import type { History, ReceivedEvent } from '../history/history.ts';
import { matchOf } from '../validators/matching.ts';
import { targetWords } from '../validators/words.ts';
import { type Defect, type Place, pickPlace, withMessages } from './defect.ts';

/** Defects in what lies between two tokens. */
export const gapDefects: readonly Defect[] = [
  {
    what: 'the last event before a token is lost',
    breaks: 'NoSilentGap',
    plant(history, random) {
      const place = pickPlace(history, random, 'events', (found) => {
        return hasAllDue(found) && isDueIn(history, found)(found.message.events.at(-1)!);
      });
      if (place === undefined) return undefined;
      const events = place.message.events.slice(0, -1);
      if (events.length > 0) return withMessages(history, place, { ...place.message, events });
      const { mark, heardAt, heardMs } = place.message;
      return withMessages(history, place, { kind: 'progress', mark, heardAt, heardMs });
    },
  },
  onlyToldStale('a key that was set', ({ cause }) => cause === 'SET'),
  onlyToldStale('a key that was removed', ({ cause, mode }) => cause === 'KEY' && mode === 'REMOVE'),
  onlyToldStale('a tag that was removed', ({ cause, mode }) => cause === 'TAG' && mode === 'REMOVE'),
  onlyToldStale('a prefix that was removed', ({ cause, mode }) => cause === 'PREFIX' && mode === 'REMOVE'),
  onlyToldStale('a namespace that was removed', ({ cause, mode }) => cause === 'NAMESPACE' && mode === 'REMOVE'),
  {
    what: 'progress overtakes the events before it',
    breaks: 'Bookmarkable',
    plant(history, random) {
      const place = pickPlace(history, random, 'events', hasAllDue);
      if (place === undefined) return undefined;
      const { mark, heardAt, heardMs } = place.message;
      return withMessages(history, place, { kind: 'progress', mark, heardAt, heardMs }, place.message);
    },
  },
  {
    what: 'two events of a message change places',
    breaks: 'InOrder',
    plant(history, random) {
      const place = pickPlace(history, random, 'events', ({ message }) => message.events.length > 1);
      if (place === undefined) return undefined;
      return withMessages(history, place, { ...place.message, events: [...place.message.events].reverse() });
    },
  },
  {
    what: 'an event comes twice',
    breaks: 'InOrder',
    plant(history, random) {
      const place = pickPlace(history, random, 'events');
      if (place === undefined) return undefined;
      const { events } = place.message;
      return withMessages(history, place, { ...place.message, events: [...events, events.at(-1)!] });
    },
  },
  {
    what: 'a token is older than its own events',
    breaks: 'InOrder',
    plant(history, random) {
      const place = pickPlace(history, random, 'events', (found) => olderThanItsEvents(found) !== undefined);
      if (place === undefined) return undefined;
      const at = olderThanItsEvents(place)!;
      return withMessages(history, place, { ...place.message, mark: { ...place.message.mark!, at } });
    },
  },
  {
    what: 'a token goes back',
    breaks: 'InOrder',
    plant(history, random) {
      const place = pickPlace(history, random, 'progress', ({ session, index, message }) => {
        return session.received[index - 1]!.mark!.at < message.mark!.at;
      });
      if (place === undefined) return undefined;
      const at = place.session.received[place.index - 1]!.mark!.at;
      const older = { ...place.message, mark: { ...place.message.mark!, at: at - 1 } };
      return withMessages(history, place, place.message, older);
    },
  },
];

/** Returns what a token could say that is new, and less than the events of its message. */
function olderThanItsEvents({ session, index, message }: Place<'events'>): number | undefined {
  const before = session.received[index - 1]?.mark?.at ?? 0;
  const at = (message.events.at(-1)?.order ?? 0) - 1;
  return message.mark !== undefined && at > before ? at : undefined;
}

/** Tells which events of a session must be sent, not only may. */
function isDueIn({ changes }: History, { session }: Place<'events'>): (event: ReceivedEvent) => boolean {
  return ({ order }) => {
    const change = order === undefined ? undefined : changes[order - 1];
    return change !== undefined && matchOf(change, session.filter) === 'yes';
  };
}

/** Tells whether a message's token stands for all its events: then nothing that comes later can take their place. */
function hasAllDue({ message }: Place<'events'>): boolean {
  return (message.mark?.at ?? 0) >= (message.events.at(-1)?.order ?? 0);
}

/** A change is dropped because a later one told that the same key, tag, prefix or namespace is stale. */
function onlyToldStale(what: string, isReplacing: (event: ReceivedEvent) => boolean): Defect {
  const lastMark = ({ message: { events } }: Place<'events'>): ReceivedEvent | undefined =>
    events.find((event, index) => {
      if (event.mode !== 'MARK_STALE' || events.slice(index + 1).some((later) => areOfOne(later, event))) return false;
      return events.slice(0, index).some((earlier) => areOfOne(earlier, event) && isReplacing(earlier));
    });
  return {
    ...{ what: `${what} and then marked stale is only told to be stale`, breaks: 'NoSilentGap' },
    plant(history, random) {
      const place = pickPlace(history, random, 'events', (found) => {
        return hasAllDue(found) && lastMark(found) !== undefined && found.message.events.every(isDueIn(history, found));
      });
      if (place === undefined) return undefined;
      const marked = lastMark(place)!;
      const events = place.message.events.filter((event) => event === marked || !areOfOne(event, marked));
      return withMessages(history, place, { ...place.message, events });
    },
  };
}

function areOfOne(event: ReceivedEvent, other: ReceivedEvent): boolean {
  return targetWords(event) === targetWords(other);
}
