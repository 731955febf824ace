import { backoffMs } from '../base/backoff.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { DeferredInvalidation, Spool } from '../store/spool.ts';
import type { Authored, NamespaceId, Store } from '../store/store.ts';
import type { WithholdingMemory } from '../store/withholding-memory.ts';
import { applySelectors } from './apply-selector.ts';
import type { DeferralListener } from './deferral-listener.ts';
import type { Namespace } from './namespace.ts';
import type { InvalidationMode, Selector } from './rules/selector.ts';

/** What deferred invalidations work with. */
export interface DeferredParts {
  readonly spool: Spool;
  readonly store: Pick<Store, 'remove' | 'invalidate'>;
  readonly memory: WithholdingMemory;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: DeferralListener;
}

/** What a caller asks to defer. */
export interface Deferrable extends Authored {
  readonly selectors: readonly Selector[];
  readonly mode: InvalidationMode;
}

/** What happened since the start, for metrics. */
export interface DeferredCounts {
  readonly deferred: number;
  readonly made: number;
  /** Their namespaces were gone. */
  readonly dropped: number;
  /** Lines of the spool that could not be read at the start. */
  readonly damaged: number;
}

/** Made in a row before the spool is told: each of them may be made once more after a crash. */
const MADE_PER_NOTE = 100;

/** How long is waited before they are tried. */
const REPLAY = { firstMs: 50, mostMs: 1000 } as const;

/** What has happened since some wait. */
interface Stretch {
  made: number;
  dropped: number;
  readonly sinceMs: number;
  /** Namespaces that are gone, and were told to be. */
  readonly gone: Set<NamespaceId>;
}

/**
 * Invalidations that wait until the store is back: kept in a spool, applied to this node's memory at once, and made in
 * the store one after the other, in the order in which they came. One that fails is tried again, and those behind it wait.
 */
export class DeferredInvalidations {
  readonly #parts: DeferredParts;
  readonly #counts = { deferred: 0, made: 0, dropped: 0 };
  /** How many of the oldest in the spool were made, and are not yet taken out. */
  #settled = 0;
  #stretch: Stretch | undefined;
  #failures = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(parts: DeferredParts) {
    this.#parts = parts;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#parts.spool.size;
  }

  /** Milliseconds for which the oldest has been waiting, by this machine's clock; 0 if none is. */
  get oldestMs(): number {
    const oldest = this.#parts.spool.at(0);
    return oldest === undefined ? 0 : Math.max(0, this.#parts.clock.nowMs() - oldest.deferredAtMs);
  }

  /** What happened since the start. */
  get counts(): DeferredCounts {
    return { ...this.#counts, damaged: this.#parts.spool.damage?.lines.length ?? 0 };
  }

  /** Begins to make what was left from before. */
  start(): void {
    if (this.waiting === 0) return;
    this.#wait(true);
    this.#run();
  }

  /**
   * Keeps an invalidation, and applies it to this node's memory. It will be made, whatever happens to the process.
   *
   * @throws OperatingError SPOOL_FULL, STATE_UNAVAILABLE
   */
  async defer({ id: namespaceId, name }: Namespace, { selectors, mode, author }: Deferrable): Promise<void> {
    const { spool, memory, clock, random } = this.#parts;
    if (this.#closed) throw goingAway();
    const requestId = `deferred ${random.bytes(16).toString('hex')}`;
    const deferredAtMs = clock.nowMs();
    await spool.append({ namespaceId, namespace: name, selectors, mode, author, requestId, deferredAtMs });
    memory.withhold(namespaceId, selectors);
    this.#counts.deferred++;
    this.#wait(false);
    this.#later();
  }

  /** Tries now: the store may be back. */
  wake(): void {
    if (this.#closed || this.#timer === undefined) return;
    this.#timer.stop();
    this.#timer = undefined;
    this.#run();
  }

  /** Stops. What waits stays in the spool. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.stop();
    await this.#running;
    await this.#parts.spool.close();
  }

  #wait(found: boolean): Stretch {
    if (this.#stretch !== undefined) return this.#stretch;
    const { clock, listener } = this.#parts;
    this.#stretch = { made: 0, dropped: 0, sinceMs: clock.nowMs() - this.oldestMs, gone: new Set() };
    listener.onWaiting(this.waiting, found);
    return this.#stretch;
  }

  #later(): void {
    if (this.#closed || this.#running !== undefined || this.#timer !== undefined) return;
    const { clock, random } = this.#parts;
    this.#timer = clock.startTimer(backoffMs(REPLAY, this.#failures, random), () => {
      this.#timer = undefined;
      this.#run();
    });
  }

  #run(): void {
    this.#running = this.#replay().then(
      () => this.#rest(),
      (cause: unknown) => this.#fail(cause),
    );
  }

  #rest(): void {
    this.#running = undefined;
    this.#failures = 0;
    if (this.waiting > 0) this.#later();
    else this.#end();
  }

  #fail(cause: unknown): void {
    this.#running = undefined;
    this.#failures++;
    this.#parts.listener.onFailure(cause);
    this.#later();
  }

  #end(): void {
    const { memory, clock, listener } = this.#parts;
    memory.release();
    if (this.#stretch === undefined) return;
    const { made, dropped, sinceMs } = this.#stretch;
    this.#stretch = undefined;
    listener.onDone({ made, dropped, oldestMs: Math.max(0, clock.nowMs() - sinceMs) });
  }

  /** Makes all that are on the disk. */
  async #replay(): Promise<void> {
    const { spool } = this.#parts;
    try {
      for (let next = spool.at(this.#settled); next !== undefined; next = spool.at(this.#settled)) {
        if (this.#closed) return;
        await this.#settle(next);
        if (++this.#settled === MADE_PER_NOTE) await this.#note();
      }
    } finally {
      // Also after a failure: what was made is not to be made again.
      await this.#note();
    }
  }

  /** Takes out of the spool what was made. */
  async #note(): Promise<void> {
    if (this.#settled === 0) return;
    await this.#parts.spool.removeOldest(this.#settled);
    this.#settled = 0;
  }

  async #settle(next: DeferredInvalidation): Promise<void> {
    const stretch = this.#wait(false);
    const failure = await make(this.#parts.store, next);
    if (failure === undefined) {
      stretch.made++;
      this.#counts.made++;
      return;
    }
    if (!isGone(failure)) throw failure;
    stretch.dropped++;
    this.#counts.dropped++;
    if (stretch.gone.has(next.namespaceId)) return;
    stretch.gone.add(next.namespaceId);
    this.#parts.listener.onDropped(next.namespace);
  }
}

/** Makes all changes of an invalidation. Returns the first failure once all have ended: none comes after the next one. */
async function make(store: DeferredParts['store'], deferred: DeferredInvalidation): Promise<unknown> {
  const { requestId, ...change } = deferred;
  const ends = await applySelectors(store, { ...change, once: { requestId } });
  return ends.find((end) => end.status === 'rejected')?.reason;
}

/** For calls that the end of the server cuts off. */
function goingAway(): OperatingError {
  return new OperatingError('STATE_UNAVAILABLE', 'The server is going away.', { retryAfterMs: 1000 });
}

function isGone(failure: unknown): boolean {
  return failure instanceof OperatingError && failure.reason === 'NAMESPACE_NOT_FOUND';
}
