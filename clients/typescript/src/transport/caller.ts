import { Metadata } from '@grpc/grpc-js';
import { backoffMs } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { pause } from '../base/pause.ts';
import type { Random } from '../base/random.ts';
import { untilAborted } from '../base/until-aborted.ts';
import { DeadlineExceededError, RepriseError } from '../errors.ts';
import type { Telemetry, TraceHeaders } from '../telemetry/telemetry.ts';
import { type Channel, closedError, type StreamListener, type Tried } from './channel.ts';
import type { Method } from './method.ts';
import { RetryBudget } from './retry-budget.ts';
import { mayHaveChanged, mayRetry } from './retry-rule.ts';
import { unknownOutcome } from './rpc-error.ts';

/** What every call of the client takes. */
export interface CallOptions {
  /** Milliseconds that the call may take, retries included. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Gives the call up: it then throws the signal's reason. A change may have been applied all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** How a call is made. */
export interface Manner extends CallOptions {
  /** True if the call changes something, so that an unknown outcome must be told. */
  readonly change?: boolean;
  /** Tries at most. */
  readonly triesMax?: number;
  /** True if the client calls for itself, and not for the application: no trace has the call. */
  readonly isOwn?: boolean;
}

/** A call on its way. */
interface Course extends Manner {
  /** Monotonic instant of its deadline. */
  readonly untilMs: number;
  readonly headers: TraceHeaders;
}

/** What a caller works with. */
export interface CallerParts {
  readonly channel: Channel;
  readonly origin: string;
  readonly credential: string | (() => string | Promise<string>) | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Makes calls: deadline, credential, retries, figures. */
export class Caller {
  readonly #parts: CallerParts;
  readonly #budget = new RetryBudget();
  readonly #closed = new AbortController();

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Milliseconds that a call may take where its caller does not say. */
  get timeoutMs(): number {
    return this.#parts.timeoutMs;
  }

  /** Aborts when the client is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Calls a unary method. Throws a RepriseError, or the signal's reason. */
  async call<Q, A>(method: Method<Q, A>, request: Partial<Q>, manner: Manner = {}): Promise<A> {
    const { clock, telemetry } = this.#parts;
    const sentMs = clock.monotonicMs();
    const { headers, run, ended } = telemetry.callBegan(method.path, manner.isOwn ?? false);
    let outcome = 'CANCELLED';
    try {
      const course: Course = { ...manner, untilMs: sentMs + timeoutOf(manner, this.timeoutMs), headers };
      const answer = await run(() => this.#tryAll(method, request, course));
      outcome = 'OK';
      return answer;
    } catch (error) {
      if (error instanceof RepriseError) outcome = error.reason || error.code;
      throw error;
    } finally {
      ended(outcome, clock.monotonicMs() - sentMs);
    }
  }

  /** Opens a stream of responses. Returns what ends it. */
  async stream<Q, A>(method: Method<Q, A>, request: Partial<Q>, listener: StreamListener<A>): Promise<() => void> {
    const { channel, telemetry } = this.#parts;
    return channel.stream(method, request, await this.#metadata(telemetry.traceHeaders()), listener);
  }

  /** Ends every call. */
  close(): void {
    this.#closed.abort();
    this.#parts.channel.close();
  }

  async #tryAll<Q, A>(method: Method<Q, A>, request: Partial<Q>, course: Course): Promise<A> {
    const { change = false, triesMax = limits.triesMax } = course;
    let unknown = false;
    this.#budget.earn();
    for (let tries = 1; ; tries++) {
      const tried = await this.#tryOnce(method, request, course);
      if (tried.ok) return tried.response;
      const { error, reachedServer } = tried;
      unknown ||= mayHaveChanged(error, reachedServer);
      const again = tries < triesMax && (await this.#mayTryAgain(error, tries, course));
      if (!again) throw change && unknown && mayRetry(error) ? unknownOutcome(error) : error;
    }
  }

  async #tryOnce<Q, A>(method: Method<Q, A>, request: Partial<Q>, course: Course): Promise<Tried<A>> {
    const { channel, clock } = this.#parts;
    const { signal, untilMs, headers } = course;
    const metadata = await this.#metadata(headers, course);
    return channel.unary(method, request, { metadata, withinMs: untilMs - clock.monotonicMs(), signal });
  }

  /** Waits before the next try; false if there is no time, no budget or no sense in one. */
  async #mayTryAgain(error: RepriseError, failures: number, { signal, untilMs }: Course): Promise<boolean> {
    if (!mayRetry(error)) return false;
    const { clock, random } = this.#parts;
    const delayMs = Math.max(backoffMs(limits.retryBackoff, failures, random), error.retryAfterMs ?? 0);
    if (clock.monotonicMs() + delayMs >= untilMs || !this.#budget.spend()) return false;
    await untilAborted(pause(delayMs, { clock, signal: this.closed }), signal);
    if (this.closed.aborted) throw closedError();
    return true;
  }

  async #metadata(headers: TraceHeaders, bound?: Course): Promise<Metadata> {
    const { origin, credential } = this.#parts;
    const metadata = new Metadata();
    metadata.set('reprise-origin', origin);
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    if (credential === undefined) return metadata;
    const text = typeof credential === 'string' ? credential : await this.#askCredential(credential, bound);
    metadata.set('authorization', `Bearer ${text}`);
    return metadata;
  }

  async #askCredential(credential: () => string | Promise<string>, bound: Course | undefined): Promise<string> {
    const asked = Promise.resolve(credential());
    if (bound === undefined) return asked;
    const { clock } = this.#parts;
    const late = new AbortController();
    const timer = clock.startTimer(bound.untilMs - clock.monotonicMs(), () => late.abort(noCredential()));
    try {
      return await untilAborted(untilAborted(asked, bound.signal), late.signal);
    } finally {
      timer.stop();
    }
  }
}

function noCredential(): DeadlineExceededError {
  return new DeadlineExceededError('The credential did not come in time.', { code: 'DEADLINE_EXCEEDED' });
}

function timeoutOf({ timeoutMs }: CallOptions, byDefault: number): number {
  const ms = timeoutMs ?? byDefault;
  if (!(ms > 0)) throw new RangeError('`timeoutMs` must be above 0.');
  return ms;
}
