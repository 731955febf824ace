import type { Client, ServiceError } from '@grpc/grpc-js';
import { systemClock } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { backOff } from './back-off.ts';
import { call, type UnaryMethod } from './call.ts';
import { retriedFor } from './retried-for.ts';

/** What a caller went through. */
export interface CallCounts {
  /** Calls that were answered, and of those the ones that had been told OUTCOME_UNKNOWN before. */
  answered: number;
  resolved: number;
  /** Tries that failed so that they may be tried again: with an unknown outcome, and without effect. */
  unknown: number;
  unavailable: number;
  /** Tries that ended without any status, as a connection may that breaks: whether they had an effect is unknown, too. */
  cut: number;
}

/** The longest time that a call may take with all its tries, in milliseconds: less than request ids are remembered for. */
const TRIES_MS_MAX = 40_000;

const PAUSE_FIRST_MS = 10;
const PAUSE_MS_MAX = 250;
// Of one try: a busy machine is no failure.
const DEADLINE_MS = 20_000;

/** A caller of several equal nodes that does as it should: where one says UNAVAILABLE, it tries the next, after a pause. */
export class RetryingCaller {
  readonly counts: CallCounts = { answered: 0, resolved: 0, unknown: 0, unavailable: 0, cut: 0 };
  readonly #clients: readonly Client[];
  readonly #random: Random;
  #at: number;

  /** `first` is the number of the node that is asked first. */
  constructor(clients: readonly Client[], random: Random, first = 0) {
    this.#clients = clients;
    this.#random = random;
    this.#at = first;
  }

  /**
   * Calls until it is answered. `requestOf` makes the request of each try, the first is 0. Rejects with what may not be
   * tried again, and with the last failure when the time is over.
   */
  async call<Request, Response>(
    method: UnaryMethod<Request, Response>,
    requestOf: (tries: number) => Partial<Request>,
  ): Promise<Response> {
    const endMs = systemClock.monotonicMs() + TRIES_MS_MAX;
    let unknown = false;
    for (let tries = 0; ; tries++) {
      try {
        const client = this.#clients[this.#at % this.#clients.length]!;
        const deadline = systemClock.nowMs() + Math.min(DEADLINE_MS, endMs - systemClock.monotonicMs());
        const response = await call(client, method, requestOf(tries), { deadline });
        this.counts.answered++;
        if (unknown) this.counts.resolved++;
        return response;
      } catch (failure) {
        const why = retriedFor(failure as ServiceError);
        if (why === undefined || systemClock.monotonicMs() > endMs) throw failure;
        this.counts[why]++;
        unknown ||= why !== 'unavailable';
      }
      this.#at++;
      await backOff(Math.min(PAUSE_MS_MAX, PAUSE_FIRST_MS * 2 ** tries) * (0.5 + 0.5 * this.#random.float()));
    }
  }
}
