import type { Clock } from '../../../src/base/clock.ts';
import type { History, Mutation } from './history.ts';
import { loggedChanges } from './logged-changes.ts';
import type { LoggedOrder } from './logged-order.ts';
import { SessionRecorder, type SessionStart } from './session-recorder.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** Writes down what callers do and what subscribers receive while it happens. */
export class Recorder {
  readonly #order: LoggedOrder;
  readonly #clock: Clock;
  readonly #mutations: Mutation[] = [];
  readonly #sessions: SessionRecorder[] = [];
  #restarts = 0;

  constructor(order: LoggedOrder, clock: Clock) {
    this.#order = order;
    this.#clock = clock;
  }

  /** The truth so far. */
  get order(): LoggedOrder {
    return this.#order;
  }

  /** A call that changes something begins. Returns how to tell its answer: the token, empty if nothing was changed. */
  beginMutation(draft: Omit<Mutation, 'answeredAt' | 'mark'>): (token: string) => void {
    const mutation: Writable<Mutation> = { ...draft, answeredAt: undefined, mark: undefined };
    this.#mutations.push(mutation);
    return (token) => {
      mutation.answeredAt = this.#order.at;
      mutation.mark = this.#order.markOf(token);
    };
  }

  /** A stream is asked for. */
  openSession(start: SessionStart): SessionRecorder {
    const session = new SessionRecorder(start, this.#order, this.#clock);
    this.#sessions.push(session);
    return session;
  }

  /** The server is started again. */
  restarted(): void {
    this.#restarts++;
    for (const session of this.#sessions) if (session.isOpen) session.fault('restart');
  }

  /** Returns what was written down until now. */
  history(more: Pick<History, 'retainedChanges' | 'streamsLeft'>): History {
    return {
      ...more,
      changes: loggedChanges(this.#order.changes, this.#mutations),
      mutations: this.#mutations.map((mutation) => ({ ...mutation })),
      sessions: this.#sessions.map((session) => session.session()),
      restarts: this.#restarts,
    };
  }
}
