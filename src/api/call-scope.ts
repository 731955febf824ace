import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { Clock, Timer } from '../base/clock.ts';
import { defaults, limits } from '../base/limits.ts';
import type { Author } from '../store/store.ts';
import { authorOf } from './call-author.ts';
import type { CallFacts } from './unary.ts';

/** What unary and streaming calls have in common. */
type Call = Pick<ServerUnaryCall<unknown, unknown>, 'cancelled' | 'metadata' | 'getDeadline' | 'on'>;

/**
 * The patience of one unary call. Its deadline is the caller's, 5 s if there is none, and 60 s at most. The signal and
 * its timer are made only when somebody asks: most calls are answered before.
 */
export class CallScope implements CallFacts {
  readonly #call: Call;
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #controller: AbortController | undefined;
  #timer: Timer | undefined;
  #deadlineMs: number | undefined;

  constructor(call: Call, clock: Clock, startedAtMs: number) {
    this.#call = call;
    this.#clock = clock;
    this.#startedAtMs = startedAtMs;
  }

  remainingMs(): number {
    this.#deadlineMs ??= this.#startedAtMs + this.#patienceMs();
    return this.#deadlineMs - this.#clock.monotonicMs();
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    if (this.#call.cancelled) controller.abort();
    this.#call.on('cancelled', () => controller.abort());
    this.#timer = this.#clock.startTimer(Math.max(0, this.remainingMs()), () => controller.abort());
    return controller.signal;
  }

  get author(): Author {
    return authorOf(this.#call.metadata);
  }

  /** Stops what the scope started. */
  close(): void {
    this.#timer?.stop();
  }

  #patienceMs(): number {
    const deadline = this.#call.getDeadline();
    const atMs = deadline instanceof Date ? deadline.getTime() : deadline;
    if (!Number.isFinite(atMs)) return defaults.deadlineMs;
    return Math.min(limits.deadlineMsMax, atMs - this.#clock.nowMs());
  }
}
