import type { SeededRandom } from '../../support/seeded-random.ts';
import type { History, Received, Session } from '../history/history.ts';

/** A way to break one promise in a history that keeps them all. */
export interface Defect {
  readonly what: string;
  /** Name of the validator that must see it. */
  readonly breaks: string;
  /** Returns the broken history; `undefined` if this one has no place for the defect. */
  readonly plant: (history: History, random: SeededRandom) => History | undefined;
}

/** A message of a session. */
export interface Place<Kind extends Received['kind'] = Received['kind']> {
  readonly session: Session;
  readonly index: number;
  readonly message: Extract<Received, { kind: Kind }>;
}

/** Returns one of the messages of a kind that a condition allows. */
export function pickPlace<Kind extends Received['kind']>(
  history: History,
  random: SeededRandom,
  kind: Kind,
  allowed: (place: Place<Kind>) => boolean = () => true,
): Place<Kind> | undefined {
  const places = history.sessions
    .flatMap((session) => session.received.map((message, index) => ({ session, index, message })))
    .filter((place): place is Place<Kind> => place.message.kind === kind)
    .filter(allowed);
  return places.length === 0 ? undefined : random.pick(places);
}

/** Returns the history with a session that is changed in some fields. */
export function withSession(history: History, session: Session, changed: Partial<Session>): History {
  const sessions = history.sessions.map((each) => (each === session ? { ...each, ...changed } : each));
  return { ...history, sessions };
}

/** Returns the history in which other messages take the place of one. */
export function withMessages(
  history: History,
  { session, index }: Pick<Place, 'session' | 'index'>,
  ...messages: Received[]
): History {
  const received = [...session.received.slice(0, index), ...messages, ...session.received.slice(index + 1)];
  return withSession(history, session, { received });
}

/** Returns one of the sessions that a condition allows. */
export function pickSession(
  history: History,
  random: SeededRandom,
  allowed: (session: Session) => boolean,
): Session | undefined {
  const sessions = history.sessions.filter((session) => session.received.length > 0 && allowed(session));
  return sessions.length === 0 ? undefined : random.pick(sessions);
}
