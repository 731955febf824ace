import type { Received, ReceivedEvent, Session } from '../history/history.ts';

/** What a session received between two of its tokens. */
export interface Stretch {
  /** What the earlier token said. */
  readonly from: number;
  /** What the later one says. */
  readonly to: number;
  /** The message with the later token. */
  readonly message: Received;
  /** Events after the earlier token, up to and with the message of the later. */
  readonly events: readonly ReceivedEvent[];
}

/**
 * Returns a session's stretches. Messages without a token belong to the stretch that the next token ends, and so do those
 * that only repeat the token before: they say nothing new about what was sent.
 */
export function stretchesOf(session: Session): Stretch[] {
  const stretches: Stretch[] = [];
  let from: number | undefined;
  let events: ReceivedEvent[] = [];
  for (const message of session.received) {
    if (message.kind === 'events') events.push(...message.events);
    const to = message.mark?.at;
    if (to === undefined) continue;
    if (from !== undefined) stretches.push({ from, to, message, events: [...events] });
    if (to !== from) events = [];
    from = to;
  }
  return stretches;
}

/** Returns all events of a session, as they came. */
export function eventsOf(session: Session): ReceivedEvent[] {
  return session.received.flatMap((message) => (message.kind === 'events' ? message.events : []));
}
