import type { History, LoggedChange, ReceivedEvent, Session } from '../history/history.ts';
import { matchOf } from '../validators/matching.ts';
import { type Defect, type Place, pickPlace, withMessages } from './defect.ts';

/** Defects in what events say, and to whom. */
export const contentDefects: readonly Defect[] = [
  {
    what: 'a change that does not match is sent',
    breaks: 'OnlyWhatMatches',
    plant: (history, random) => {
      const stray = (session: Session, change: LoggedChange): boolean =>
        change.namespaceId === session.namespaceId && matchOf(change, session.filter) === 'no';
      const place = pickPlace(history, random, 'events', ({ session }) => strayFor(history, session, stray));
      return place && withStray(history, place, stray);
    },
  },
  {
    what: "a caller's own change is sent to it",
    breaks: 'OnlyWhatMatches',
    plant: (history, random) => {
      const stray = ({ namespaceId, filter }: Session, change: LoggedChange): boolean => {
        if (change.namespaceId !== namespaceId || filter.origin === undefined || filter.includeOwn) return false;
        return change.origin === filter.origin && matchOf(change, { ...filter, origin: undefined }) === 'yes';
      };
      const place = pickPlace(history, random, 'events', ({ session }) => strayFor(history, session, stray));
      return place && withStray(history, place, stray);
    },
  },
  {
    what: 'a change of another namespace is sent',
    breaks: 'OnlyWhatMatches',
    plant: (history, random) => {
      const stray = ({ namespaceId }: Session, change: LoggedChange): boolean => change.namespaceId !== namespaceId;
      const place = pickPlace(history, random, 'events', ({ session }) => strayFor(history, session, stray));
      return place && withStray(history, place, stray);
    },
  },
  defectOf('an event names a change that never happened', (event) => ({
    ...event,
    ...{ revision: 'none', order: undefined },
  })),
  defectOf('an event has the wrong cause', (event) => ({
    ...event,
    cause: event.cause === 'SET' ? 'TOUCH' : 'SET',
  })),
  defectOf('an event has the wrong target', (event) => ({ ...event, target: { kind: 'key', key: 'no such key' } })),
  defectOf('an event has the wrong mode', (event) => ({
    ...event,
    mode: event.mode === 'REMOVE' ? 'MARK_STALE' : 'REMOVE',
  })),
  defectOf('an event loses its trace context', (event) => ({ ...event, traceparent: '' })),
  defectOf('an event names nobody', (event) => ({ ...event, actor: '' })),
];

type IsStray = (session: Session, change: LoggedChange) => boolean;

function strayFor({ changes }: History, session: Session, isStray: IsStray): boolean {
  return changes.some((change) => isStray(session, change));
}

function withStray(history: History, place: Place<'events'>, isStray: IsStray): History {
  const stray = history.changes.find((change) => isStray(place.session, change))!;
  const events = [...place.message.events, { ...stray, actor: 'anonymous' }];
  return withMessages(history, place, { ...place.message, events });
}

function defectOf(what: string, change: (event: ReceivedEvent) => ReceivedEvent): Defect {
  return {
    ...{ what, breaks: 'TellsTheChange' },
    plant(history, random) {
      const place = pickPlace(history, random, 'events');
      if (place === undefined) return undefined;
      const [first, ...rest] = place.message.events;
      return withMessages(history, place, { ...place.message, events: [change(first!), ...rest] });
    },
  };
}
