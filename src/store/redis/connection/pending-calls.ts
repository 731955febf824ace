import type { Clock, Timer } from '../../../base/clock.ts';
import { SERVER_SILENT } from '../connection-failure.ts';
import type { RedisFailure } from '../redis-failure.ts';

/** A call that waits for its answer. */
export interface PendingCall {
  readonly dueMs: number;
  readonly fail: (failure: RedisFailure) => void;
}

/**
 * The calls of one connection that wait for an answer, the oldest first; each fails when its time is over, and all of
 * them when the connection ends. One timer serves all.
 */
export class PendingCalls {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  // In the order of their due times: all wait equally long.
  readonly #calls = new Set<PendingCall>();
  #timer: Timer | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Calls that wait. */
  get size(): number {
    return this.#calls.size;
  }

  /** Begins to wait. `fail` is called at most once, and not after `settle`. */
  add(fail: PendingCall['fail']): PendingCall {
    const call = { dueMs: this.#clock.monotonicMs() + this.#timeoutMs, fail };
    this.#calls.add(call);
    this.#timer ??= this.#clock.startTimer(this.#timeoutMs, () => this.#look());
    return call;
  }

  /** Ends the waiting of a call. Returns false if it had failed before. */
  settle(call: PendingCall): boolean {
    return this.#calls.delete(call);
  }

  /** Fails all calls. */
  failAll(failure: RedisFailure): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const failed = [...this.#calls];
    this.#calls.clear();
    for (const { fail } of failed) fail(failure);
  }

  // Timers fire before sockets are read: after a stall of this process answers may be waiting there. So judge one turn
  // of the event loop later.
  #look(): void {
    this.#timer = this.#clock.startTimer(0, () => this.#judge());
  }

  #judge(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (const call of this.#calls) {
      if (call.dueMs > nowMs) {
        this.#waitFor(call.dueMs - nowMs);
        return;
      }
      this.#calls.delete(call);
      call.fail(SERVER_SILENT);
    }
  }

  #waitFor(ms: number): void {
    this.#timer ??= this.#clock.startTimer(ms, () => this.#look());
  }
}
