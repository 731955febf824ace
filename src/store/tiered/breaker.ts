import type { Clock, Timer } from '../../base/clock.ts';

/** When a breaker opens, and what it lets through before it closes. */
export interface BreakerBounds {
  /** Milliseconds for which heartbeats stay without an answer, from the send of the first on, at which it opens. */
  readonly silenceMsMax: number;
  /** Calls in a row that may stay without an answer; the next one opens it. */
  readonly unansweredMax: number;
  /** Calls that are let through while it is half-open. */
  readonly trialsMax: number;
}

/** Nothing is refused, or everything, or everything beyond a few calls that try whether the store is back. */
export type BreakerState = 'closed' | 'open' | 'halfOpen';

/** A heartbeat that somebody answered. */
export interface AnsweredBeat {
  /** Monotonic time of its send, in milliseconds. */
  readonly sentAtMs: number;
  readonly inForce: boolean;
}

interface Closed {
  readonly kind: 'closed';
  /** Calls in a row that nobody answered. */
  unanswered: number;
}

interface Open {
  readonly kind: 'open';
}

interface HalfOpen {
  readonly kind: 'halfOpen';
  admitted: number;
  answered: number;
}

/** What a call that was let through gives back when it is over: the state in which it began. */
export type BreakerPass = Closed | HalfOpen;

/** Silence that a store may keep however short the interval of heartbeats is: a busy machine is no outage. */
const SILENCE_MS_MIN = 500;

/** Returns the bounds of a breaker that heartbeats inform which come so often. */
export function breakerBounds(heartbeatMs: number): BreakerBounds {
  return { silenceMsMax: Math.max(SILENCE_MS_MIN, 2 * heartbeatMs), unansweredMax: 4, trialsMax: 8 };
}

/**
 * A circuit breaker: tells whether anybody is there to be asked, so that callers are refused at once instead of waiting
 * for an answer that does not come. It opens when heartbeats stay without an answer, or calls in a row do. A heartbeat
 * that a server in force answers half-opens it: a few calls go through, and it closes when they were answered, or at the
 * next such heartbeat that finds none of them under way. Before the first answered heartbeat it is closed.
 *
 * Whether the answer of a call may be believed is another question, which `proven.ts` asks of every read.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #bounds: BreakerBounds;
  readonly #onChange: (from: BreakerState, to: BreakerState) => void;
  // A new object with every change, so that calls which began in an earlier one are told apart.
  #state: Closed | Open | HalfOpen = { kind: 'closed', unanswered: 0 };
  /** Runs while a heartbeat has no answer. */
  #timer: Timer | undefined;
  /** A heartbeat was answered once, so that the next ones are expected to be. */
  #known = false;

  constructor(clock: Clock, bounds: BreakerBounds, onChange: (from: BreakerState, to: BreakerState) => void) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#onChange = onChange;
  }

  /** As it is now. */
  get state(): BreakerState {
    return this.#state.kind;
  }

  /** Lets a call through, which is to be settled when it is over; `undefined` if it is refused. */
  admit(): BreakerPass | undefined {
    const state = this.#state;
    if (state.kind === 'closed') return state;
    if (state.kind === 'open' || state.admitted === this.#bounds.trialsMax) return undefined;
    state.admitted++;
    return state;
  }

  /** Learns whether a call that was let through was answered, be it with an error. */
  settle(pass: BreakerPass, answered: boolean): void {
    if (pass !== this.#state) return;
    if (pass.kind === 'closed') this.#settleCall(pass, answered);
    else this.#settleTrial(pass, answered);
  }

  /** Learns that a heartbeat is sent. Counted from here, not from the last answer: this process may have stalled. */
  beatSent(): void {
    if (!this.#known || this.#timer !== undefined || this.#state.kind === 'open') return;
    this.#timer = this.#clock.startTimer(this.#bounds.silenceMsMax, () => {
      // Timers fire before sockets are read: the answer may be there already, so judge one turn of the event loop later.
      this.#timer = this.#clock.startTimer(0, () => this.#fallSilent());
    });
  }

  /** Learns that a heartbeat was answered. */
  beatAnswered({ sentAtMs, inForce }: AnsweredBeat): void {
    const state = this.#state;
    const late = this.#clock.monotonicMs() - sentAtMs >= this.#bounds.silenceMsMax;
    // Whoever was silent may have been deposed meanwhile: he must be in force to be tried again. And who is as slow as
    // that is not back; while it is closed, answers come late by stalls of this process too.
    if (state.kind !== 'closed' && (late || !inForce)) return;
    this.#known = true;
    this.#stopTimer();
    if (state.kind === 'open') this.#become({ kind: 'halfOpen', admitted: 0, answered: 0 });
    else if (state.kind === 'halfOpen' && state.admitted === state.answered) this.#close();
  }

  /** Stops. Its state stays as it is. */
  end(): void {
    this.#known = false;
    this.#stopTimer();
  }

  #settleCall(pass: Closed, answered: boolean): void {
    if (answered) pass.unanswered = 0;
    else if (++pass.unanswered > this.#bounds.unansweredMax) this.#become({ kind: 'open' });
  }

  #settleTrial(pass: HalfOpen, answered: boolean): void {
    if (!answered) this.#become({ kind: 'open' });
    else if (++pass.answered === this.#bounds.trialsMax) this.#close();
  }

  #close(): void {
    this.#become({ kind: 'closed', unanswered: 0 });
  }

  #become(state: Closed | Open | HalfOpen): void {
    const from = this.#state.kind;
    this.#state = state;
    this.#onChange(from, state.kind);
  }

  #fallSilent(): void {
    this.#timer = undefined;
    if (this.#state.kind !== 'open') this.#become({ kind: 'open' });
  }

  #stopTimer(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }
}
