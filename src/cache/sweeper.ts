import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { ListedEntry, NamespaceId, Store } from '../store/store.ts';
import type { Namespace } from './namespace.ts';
import type { Control } from './rules/visibility.ts';
import type { WatermarkTable } from './rules/watermark-table.ts';

/** A store that keeps its watermarks in this process, where the sweeper finds them. */
export interface SweptStore extends Store {
  /** What an open namespace's control partition says; the same object for as long as the namespace is open. */
  control(namespaceId: NamespaceId): Control;
}

/** How the sweep is paced. */
export interface SweepPace {
  /** Milliseconds between pages. */
  readonly pauseMs: number;
  /** Entries a page. */
  readonly pageEntries: number;
}

const defaultPace: SweepPace = { pauseMs: 20, pageEntries: 1000 };

/** How far the sweep of one namespace has come. */
interface Progress {
  /** Watermarks up to this number are settled. */
  sweptTo: number;
  /** Monotonic time of the last search for watermarks to forget, in milliseconds. */
  prunedAtMs: number;
}

/** Milliseconds between two searches for watermarks to forget. */
const PRUNE_INTERVAL_MS = 60_000;

/** A pass through one namespace. */
interface Pass {
  readonly namespaceId: NamespaceId;
  readonly watermarks: WatermarkTable;
  /** The newest watermark when the pass began: what the pass settles. */
  readonly sweptTo: number;
  readonly from: string;
}

/**
 * Makes permanent, page by page in the background, what watermarks say of entries: removed ones leave the store, stale
 * ones become so by their own lifetime. A watermark that a whole pass has settled, and that no fence can be older than,
 * is forgotten. Only namespaces with watermarks are swept.
 */
export class Sweeper {
  readonly #store: SweptStore;
  readonly #clock: Clock;
  readonly #namespaces: () => readonly Namespace[];
  readonly #pace: SweepPace;
  readonly #progress = new WeakMap<WatermarkTable, Progress>();
  #pass: Pass | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(store: SweptStore, clock: Clock, namespaces: () => readonly Namespace[], pace: SweepPace = defaultPace) {
    this.#store = store;
    this.#clock = clock;
    this.#namespaces = namespaces;
    this.#pace = pace;
  }

  /** Begins to sweep; `onFailure` hears of a page that failed, and the sweep goes on. */
  start(onFailure: (cause: unknown) => void): void {
    this.#timer = this.#clock.startTimer(this.#pace.pauseMs, () => {
      this.step()
        .catch(onFailure)
        .finally(() => {
          if (!this.#closed) this.start(onFailure);
        });
    });
  }

  /** Stops sweeping. */
  close(): void {
    this.#closed = true;
    this.#timer?.stop();
  }

  /** Sweeps one page. Returns false if there was nothing to sweep. */
  async step(): Promise<boolean> {
    const pass = this.#pass ?? this.#nextPass();
    this.#pass = undefined;
    if (pass === undefined) return false;
    const page = await this.#store.list(pass.namespaceId, pass.from, this.#pace.pageEntries);
    for (const listed of page.entries) await this.#settle(pass, listed);
    if (page.next === undefined) this.#endPass(pass, page.nowMs);
    else this.#pass = { ...pass, from: page.next };
    return true;
  }

  async #settle({ namespaceId }: Pass, { entry, visibility }: ListedEntry): Promise<void> {
    if (visibility === 'visible') return;
    await this.#store.settle({ namespaceId, key: entry.key }, entry.position, visibility);
  }

  #nextPass(): Pass | undefined {
    for (const { id: namespaceId } of this.#namespaces()) {
      const { watermarks } = this.#store.control(namespaceId);
      const progress = this.#progressOf(watermarks);
      if (progress.sweptTo !== watermarks.newest) {
        return { namespaceId, watermarks, sweptTo: watermarks.newest, from: '' };
      }
      if (this.#clock.monotonicMs() - progress.prunedAtMs >= PRUNE_INTERVAL_MS) {
        this.#prune(watermarks, progress, this.#clock.nowMs());
      }
    }
    return undefined;
  }

  #endPass({ watermarks, sweptTo }: Pass, nowMs: number): void {
    const progress = this.#progressOf(watermarks);
    progress.sweptTo = sweptTo;
    this.#prune(watermarks, progress, nowMs);
  }

  #prune(watermarks: WatermarkTable, progress: Progress, nowMs: number): void {
    progress.prunedAtMs = this.#clock.monotonicMs();
    watermarks.prune(progress.sweptTo, nowMs - limits.fenceAgeMsMax);
  }

  #progressOf(watermarks: WatermarkTable): Progress {
    const known = this.#progress.get(watermarks);
    if (known !== undefined) return known;
    const fresh: Progress = { sweptTo: 0, prunedAtMs: this.#clock.monotonicMs() };
    this.#progress.set(watermarks, fresh);
    return fresh;
  }
}
