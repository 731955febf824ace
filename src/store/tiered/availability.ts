import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { BeatAnswer } from '../partition-store.ts';
import type { BreakerCounts, StoreAvailability, StoreState } from '../store-availability.ts';
import { Breaker, type BreakerBounds, type BreakerState, breakerBounds } from './breaker.ts';

/** What is needed to tell whether partitions can be used. */
export interface AvailabilityParts {
  readonly clock: Clock;
  /** Milliseconds between heartbeats; whoever was refused may try again after as many. */
  readonly heartbeatMs: number;
  /** Default: `breakerBounds`. */
  readonly breaker?: Partial<BreakerBounds>;
  /** Milliseconds for which the word on who is in force counts: without a newer one no read goes through. */
  readonly namedAgeMsMax: number;
}

/**
 * The breakers of a node's partitions, one each: every partition has a heartbeat of its own, and which primary holds it
 * only an answer tells. The store can be used if all of them can; where some of a cluster's primaries are away, some
 * calls fail, and that is what is told.
 */
export class Availability implements StoreAvailability {
  readonly #parts: AvailabilityParts;
  readonly #bounds: BreakerBounds;
  readonly #breakers = new Map<Partition, Breaker>();
  /** Partitions of which nobody said lately which server is in force. */
  readonly #unnamed = new Set<Partition>();
  readonly #listeners = new Set<(state: StoreState) => void>();
  #state: StoreState = { reads: true, writes: true };
  #opened = 0;
  #refused = 0;

  constructor(parts: AvailabilityParts) {
    this.#parts = parts;
    this.#bounds = { ...breakerBounds(parts.heartbeatMs), ...parts.breaker };
  }

  get state(): StoreState {
    return this.#state;
  }

  get counts(): BreakerCounts {
    const breakers = { closed: 0, open: 0, halfOpen: 0 };
    for (const { state } of this.#breakers.values()) breakers[state]++;
    return { breakers, opened: this.#opened, refused: this.#refused };
  }

  watch(listener: (state: StoreState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The breaker of a partition. */
  breaker(partition: Partition): Breaker {
    const known = this.#breakers.get(partition);
    if (known !== undefined) return known;
    const breaker = new Breaker(this.#parts.clock, this.#bounds, (from, to) => this.#onChange(from, to));
    this.#breakers.set(partition, breaker);
    return breaker;
  }

  /** Learns what a heartbeat was told that was sent at `sentAtMs`, monotonic. */
  noteBeat(partition: Partition, { inForce, namedAgeMs }: BeatAnswer, sentAtMs: number): void {
    this.#noteNamed(partition, inForce && namedAgeMs <= this.#parts.namedAgeMsMax);
    this.breaker(partition).beatAnswered({ sentAtMs, inForce });
  }

  /** Counts a call that is refused. Returns what its caller is told. */
  refuse(): OperatingError {
    this.#refused++;
    const retryAfterMs = this.#parts.heartbeatMs;
    return new OperatingError('STORE_UNAVAILABLE', 'The store does not answer: try again.', { retryAfterMs });
  }

  /** Stops. */
  end(): void {
    for (const breaker of this.#breakers.values()) breaker.end();
  }

  #noteNamed(partition: Partition, named: boolean): void {
    if (named !== this.#unnamed.has(partition)) return;
    if (named) this.#unnamed.delete(partition);
    else this.#unnamed.add(partition);
    this.#judge();
  }

  #onChange(from: BreakerState, to: BreakerState): void {
    if (from === 'closed' && to === 'open') this.#opened++;
    this.#judge();
  }

  #judge(): void {
    const writes = [...this.#breakers.values()].every(({ state }) => state === 'closed');
    const reads = writes && this.#unnamed.size === 0;
    if (reads === this.#state.reads && writes === this.#state.writes) return;
    this.#state = { reads, writes };
    for (const listener of this.#listeners) listener(this.#state);
  }
}
