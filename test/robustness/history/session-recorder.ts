import { millisecondsOf } from '../../../src/api/durations.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { type Event, ResetReason, type SubscribeResponse } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import type { FaultName, Mark, Received, ReceivedEvent, Session, Stall } from './history.ts';
import type { LoggedOrder } from './logged-order.ts';
import { nameIn, toldOfEvent } from './told.ts';

/** A session as it is asked for. */
export type SessionStart = Pick<Session, 'subscriber' | 'namespaceId' | 'filter' | 'resume' | 'progressIntervalMs'>;

/** Writes down one stream. */
export class SessionRecorder {
  readonly #start: SessionStart & Pick<Session, 'openedAt'>;
  readonly #order: LoggedOrder;
  readonly #clock: Clock;
  readonly #received: Received[] = [];
  readonly #stalls: Stall[] = [];
  readonly #faults: FaultName[] = [];
  #stalled: Omit<Stall, 'to'> | undefined;
  #end: Pick<Session, 'endCode' | 'endReason'> = { endCode: undefined, endReason: '' };
  #newest: { readonly token: string; readonly mark: Mark } | undefined;

  constructor(start: SessionStart, order: LoggedOrder, clock: Clock) {
    this.#start = { ...start, openedAt: order.at };
    this.#order = order;
    this.#clock = clock;
  }

  /** Messages received so far. */
  get messages(): number {
    return this.#received.length;
  }

  /** Tokens received so far. */
  get tokens(): number {
    return this.#received.filter(({ mark }) => mark !== undefined).length;
  }

  /** True once Ready was received. */
  get isReady(): boolean {
    return this.#received.some(({ kind }) => kind === 'ready');
  }

  /** True until the stream ends. */
  get isOpen(): boolean {
    return this.#end.endCode === undefined;
  }

  /** The newest token received, and what it says. */
  get newest(): { readonly token: string; readonly mark: Mark } | undefined {
    return this.#newest;
  }

  /** Writes a message down. One without a case was added later: it is ignored. */
  receive({ event }: SubscribeResponse): void {
    if (event === undefined) return;
    const { token } = event.value;
    const mark = this.#order.markOf(token);
    if (mark !== undefined) this.#newest = { token, mark };
    const heard = { mark, heardAt: this.#order.at, heardMs: this.#clock.monotonicMs() };
    switch (event.$case) {
      case 'ready': {
        const { progressInterval: interval } = event.value;
        const progressIntervalMs = interval === undefined ? -1 : millisecondsOf(interval);
        this.#received.push({ ...heard, kind: 'ready', progressIntervalMs });
        return;
      }
      case 'events':
        this.#received.push({ ...heard, kind: 'events', events: event.value.events.map((each) => this.#heard(each)) });
        return;
      case 'progress':
        this.#received.push({ ...heard, kind: 'progress' });
        return;
      case 'reset':
        this.#received.push({ ...heard, kind: 'reset', reason: nameIn(ResetReason, event.value.reason) });
        return;
      case 'goingAway': {
        const { retryAfter } = event.value;
        const retryAfterMs = retryAfter === undefined ? 0 : millisecondsOf(retryAfter);
        this.#received.push({ ...heard, kind: 'going-away', retryAfterMs });
      }
    }
  }

  /** Something is done to the stream. */
  fault(name: FaultName): void {
    if (this.isOpen) this.#faults.push(name);
  }

  /** The caller stops reading. */
  stall(): void {
    this.fault('stall');
    this.#stalled = { afterMessages: this.messages, from: this.#order.at };
  }

  /** The caller reads on. */
  readOn(): void {
    if (this.#stalled !== undefined) this.#stalls.push({ ...this.#stalled, to: this.#order.at });
    this.#stalled = undefined;
  }

  /** The stream ends. */
  end(endCode: number, endReason: string): void {
    this.readOn();
    this.#end = { endCode, endReason };
  }

  /** Returns what was written down until now. */
  session(): Session {
    const { stalls, faults } = { stalls: [...this.#stalls], faults: [...this.#faults] };
    return { ...this.#start, ...this.#end, received: [...this.#received], stalls, faults };
  }

  #heard(event: Event): ReceivedEvent {
    const { actor, traceparent, revision } = event;
    return { ...toldOfEvent(event), order: this.#order.orderOf(revision), actor, traceparent };
  }
}
