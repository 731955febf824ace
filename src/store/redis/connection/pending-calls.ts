import type { Clock, Timer } from '../../../base/clock.ts';
import { SERVER_SILENT } from '../connection-failure.ts';
import type { RedisFailure } from '../redis-failure.ts';

/** A call that waits for its answer. */
export interface PendingCall {
  readonly dueMs: number;
  readonly fail: (failure: RedisFailure) => void;
  isOver: boolean;
}

/** Calls that are over, at the front of the queue, before the rest moves up. */
const OVER_MAX = 1024;

/**
 * The calls of one connection that wait for an answer, the oldest first; each fails when its time is over, and all of
 * them when the connection ends. One timer serves all.
 */
export class PendingCalls {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  // In the order of their due times, since all wait equally long, and of their answers: what is over is mostly at the
  // front. Deliberate: not a Set, for the reason that SlotMap tells.
  readonly #calls: (PendingCall | undefined)[] = [];
  #first = 0;
  #size = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Calls that wait. */
  get size(): number {
    return this.#size;
  }

  /** Begins to wait. `fail` is called at most once, and not after `settle`. */
  add(fail: PendingCall['fail']): PendingCall {
    const call = { dueMs: this.#clock.monotonicMs() + this.#timeoutMs, fail, isOver: false };
    this.#calls.push(call);
    this.#size++;
    this.#timer ??= this.#clock.startTimer(this.#timeoutMs, () => this.#look());
    return call;
  }

  /** Ends the waiting of a call. Returns false if it had failed before. */
  settle(call: PendingCall): boolean {
    if (call.isOver) return false;
    call.isOver = true;
    this.#size--;
    this.#skipOver();
    return true;
  }

  /** Fails all calls. */
  failAll(failure: RedisFailure): void {
    this.#timer?.stop();
    this.#timer = undefined;
    for (const call of this.#calls.slice(this.#first)) {
      if (call !== undefined && this.settle(call)) call.fail(failure);
    }
  }

  // Timers fire before sockets are read: after a stall of this process answers may be waiting there. So judge one turn
  // of the event loop later.
  #look(): void {
    this.#timer = this.#clock.startTimer(0, () => this.#judge());
  }

  #judge(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let call = this.#oldest(); call !== undefined; call = this.#oldest()) {
      if (call.dueMs > nowMs) {
        this.#waitFor(call.dueMs - nowMs);
        return;
      }
      this.settle(call);
      call.fail(SERVER_SILENT);
    }
  }

  #oldest(): PendingCall | undefined {
    return this.#calls[this.#first];
  }

  #skipOver(): void {
    while (this.#oldest()?.isOver === true) this.#calls[this.#first++] = undefined;
    if (this.#first < this.#calls.length && this.#first < OVER_MAX) return;
    this.#calls.splice(0, this.#first);
    this.#first = 0;
  }

  #waitFor(ms: number): void {
    this.#timer ??= this.#clock.startTimer(ms, () => this.#look());
  }
}
