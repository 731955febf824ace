import { limits } from '../base/limits.ts';
import { pause } from '../base/pause.ts';
import { checkedKey } from '../calls/checked-key.ts';
import { readNear } from '../calls/read-near.ts';
import type { ClientParts } from '../client-parts.ts';
import { isAway } from '../errors.ts';
import { InvalidationServiceService } from '../gen/reprise/v1/invalidation_service.ts';
import { closedError } from '../transport/channel.ts';
import { isEarlyRefresh } from './early-refresh.ts';
import { Flight } from './flight.ts';
import { keepComputed, releaseLease } from './keep-computed.ts';
import { type Entry, type Guard, type Reading, readStale, readWithLease } from './lease-read.ts';
import type { Compute, ComputeOptions, Job } from './options.ts';

/** Computes values once, however many callers ask, in this process and in all others. */
export class Computer {
  readonly #parts: ClientParts;
  readonly #flights = new Map<string, Flight<unknown>>();
  /** Keys whose next value is computed in the background. */
  readonly #refreshing = new Set<string>();

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** Returns the value of a key, from the cache or computed. `undefined`: the source has nothing there. */
  async getOrCompute(key: string, options: ComputeOptions, fn: Compute<unknown>): Promise<unknown> {
    options.signal?.throwIfAborted();
    if (this.#parts.caller.closed.aborted) throw closedError();
    const job: Job = { key: checkedKey(key), options, fn };
    const near = readNear(this.#parts, key, options);
    if (near !== undefined && near.kind !== 'miss') return this.#serve(near, { kind: 'none' }, job);
    return this.#flightFor(job).join(options.signal);
  }

  #flightFor(job: Job): Flight<unknown> {
    const present = this.#flights.get(job.key);
    if (present !== undefined && !present.isGivenUp) return present;
    const { closed } = this.#parts.caller;
    const flight = new Flight((signal) => this.#fly(job, AbortSignal.any([signal, closed])));
    this.#flights.set(job.key, flight);
    flight.whenLanded(() => {
      if (this.#flights.get(job.key) === flight) this.#flights.delete(job.key);
    });
    return flight;
  }

  /** Asks until there is a value, or the right to compute one, or waiting has taken too long. */
  async #fly(job: Job, signal: AbortSignal): Promise<unknown> {
    const { clock } = this.#parts;
    const untilMs = clock.monotonicMs() + (job.options.waitMs ?? limits.computeWaitMs);
    for (;;) {
      const leftMs = untilMs - clock.monotonicMs();
      const { entry, guard, retryAfterMs } = await this.#read(job, signal, leftMs);
      if (entry !== undefined) return this.#serve(entry, guard, job);
      const mustWait = retryAfterMs !== undefined && retryAfterMs < leftMs;
      if (!mustWait) return this.#compute(job, guard, signal);
      await pause(retryAfterMs, { clock, signal });
      this.#check(signal);
    }
  }

  async #read(job: Job, signal: AbortSignal, leftMs: number): Promise<Reading> {
    try {
      return await readWithLease(this.#parts, job, { signal, leftMs });
    } catch (error) {
      this.#check(signal);
      if (isAway(error)) return { guard: { kind: 'none' } };
      throw error;
    }
  }

  #check(signal: AbortSignal): void {
    if (this.#parts.caller.closed.aborted) throw closedError();
    signal.throwIfAborted();
  }

  /** Returns an entry's value, and sees to its successor where it is time. */
  #serve(entry: Entry, guard: Guard, job: Job): unknown {
    const isRefreshing = this.#refreshing.has(job.key);
    if (isRefreshing) void releaseLease(this.#parts, job, guard);
    else if (guard.kind === 'lease') this.#inBackground(job, (signal) => this.#compute(job, guard, signal));
    else if (this.#isEarly(entry, job)) this.#inBackground(job, (signal) => this.#refresh(job, signal));
    return entry.kind === 'hit' ? entry.value : undefined;
  }

  #isEarly(entry: Entry, { options }: Job): boolean {
    const { ttlMs } = options;
    if (ttlMs === undefined || entry.kind === 'negative' || entry.stale) return false;
    return isEarlyRefresh({ freshForMs: entry.freshForMs, ttlMs }, this.#parts.random);
  }

  /** What fails here has been served by what there is: a later caller tries again. */
  #inBackground({ key }: Job, work: (signal: AbortSignal) => Promise<unknown>): void {
    this.#refreshing.add(key);
    const done = (): void => void this.#refreshing.delete(key);
    work(this.#parts.caller.closed).then(done, done);
  }

  /**
   * Computes the successor of a fresh entry. Only who misses gets a fence, but any head of the namespace is one: whatever
   * changes after it, while the value is computed, refuses the value.
   */
  async #refresh(job: Job, signal: AbortSignal): Promise<void> {
    const { caller, namespace } = this.#parts;
    const { head } = await caller.call(InvalidationServiceService.getHead, { namespace }, { signal });
    await this.#compute(job, { kind: 'fence', fence: head }, signal);
  }

  /** Calls the function. Where it fails, the lease goes to the next caller, and a stale value may stand in. */
  async #compute(job: Job, guard: Guard, signal: AbortSignal): Promise<unknown> {
    let value: unknown;
    try {
      value = await job.fn({ signal });
    } catch (error) {
      void releaseLease(this.#parts, job, guard);
      const stale = job.options.staleIfError ? await readStale(this.#parts, job) : undefined;
      if (stale === undefined) throw error;
      return stale.kind === 'hit' ? stale.value : undefined;
    }
    await keepComputed(this.#parts, job, value, guard);
    return value;
  }
}
