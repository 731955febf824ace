import { systemClock } from '../../../src/base/clock.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Applied, Guarded, Write } from '../../../src/store/store.ts';
import type { TieredStore } from '../../../src/store/tiered/tiered-store.ts';
import { bytesOf, LATEST, refOf, textOf, writeOf } from '../../suite/store/store-harness.ts';
import { backOff } from '../../support/back-off.ts';

/** A write that the caller was told is done. */
export interface Acknowledged {
  readonly key: string;
  readonly change: Applied;
}

/** Milliseconds between two writes of one writer, and before a write is tried again. */
const BREATH_MS = 5;

/** Milliseconds for which a write is tried: as long as its request id is remembered. */
const TRIES_MS_MAX = 60_000;

const TTL_MS = 3_600_000;

/** Writes through one node all the time: by turns a Set of one key, and one more in a counter, each with a request id. */
export class Writer {
  readonly key: string;
  readonly counter: string;
  readonly #store: TieredStore;
  readonly #loop: Promise<void>;
  #acknowledged: Acknowledged[] = [];
  #counted = 0;
  #retried = 0;
  #wroteMs = 0;
  #gapMs = 0;
  #stopped = false;

  /** Begins to write; `name` is this writer's alone. */
  constructor(store: TieredStore, name: string) {
    this.#store = store;
    this.key = `set ${name}`;
    this.counter = `count ${name}`;
    this.#loop = this.#write();
  }

  /** When a write was last acknowledged, on the monotonic clock. */
  get wroteMs(): number {
    return this.#wroteMs;
  }

  /** The longest time between two acknowledged writes since `watchGap`, in milliseconds. */
  get gapMs(): number {
    return this.#gapMs;
  }

  /** Increments that were acknowledged. */
  get counted(): number {
    return this.#counted;
  }

  /** Times that a write failed and was tried again. */
  get retried(): number {
    return this.#retried;
  }

  /** Forgets the longest gap. */
  watchGap(): void {
    this.#gapMs = 0;
  }

  /** Hands over the writes that were acknowledged since the last time. */
  take(): Acknowledged[] {
    return this.#acknowledged.splice(0);
  }

  /** Stops after the write that is under way. Fails with what ended the writing, if anything did. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #write(): Promise<void> {
    for (let number = 0; !this.#stopped; number++) {
      const counts = number % 2 === 1;
      const key = counts ? this.counter : this.key;
      const change = await this.#untilApplied(() => (counts ? this.#increment(number) : this.#set(number)));
      this.#acknowledged.push({ key, change });
      if (counts) this.#counted++;
      const nowMs = systemClock.monotonicMs();
      if (this.#wroteMs > 0) this.#gapMs = Math.max(this.#gapMs, nowMs - this.#wroteMs);
      this.#wroteMs = nowMs;
      await backOff(BREATH_MS);
    }
  }

  async #untilApplied(change: () => Promise<Applied | Guarded>): Promise<Applied> {
    const endMs = systemClock.monotonicMs() + TRIES_MS_MAX;
    for (; ; this.#retried++) {
      try {
        const outcome = await change();
        if (outcome.kind === 'applied') return outcome;
      } catch (failure) {
        const late = systemClock.monotonicMs() > endMs;
        if (late || !(failure instanceof OperatingError) || !RETRIED.has(failure.reason)) throw failure;
      }
      await backOff(BREATH_MS);
    }
  }

  #set(number: number): Promise<Applied | Guarded> {
    return this.#store.write(this.#order(this.key, `${number}`, number));
  }

  async #increment(number: number): Promise<Applied | Guarded> {
    const ref = refOf(this.counter);
    const earlier = await this.#store.recall(ref, requestIdOf(number));
    if (earlier !== undefined) return earlier;
    const { entry, moment } = await this.#store.read(ref, LATEST);
    const sum = `${Number(textOf(entry?.value) ?? 0) + 1}`;
    const guard = { kind: 'unchanged', position: entry?.position } as const;
    return this.#store.write({ ...this.#order(this.counter, sum, number), guard, seen: moment });
  }

  #order(key: string, text: string, number: number): Write {
    return writeOf(key, { value: bytesOf(text), ttlMs: TTL_MS, once: { requestId: requestIdOf(number) } });
  }
}

const RETRIED: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN']);

function requestIdOf(number: number): string {
  return `write ${number}`;
}
