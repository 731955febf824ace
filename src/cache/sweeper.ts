import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { ListedEntry, NamespaceId, Store } from '../store/store.ts';
import type { Namespace } from './namespace.ts';
import { settledBeforeMs } from './rules/sweep-pass.ts';
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
  /** Monotonic time at which the last pass began, in milliseconds. */
  passedAtMs: number;
}

/** Milliseconds between two passes where nothing new is to be settled: watermarks become old enough to be forgotten. */
const PASS_INTERVAL_MS = 60_000;

/** Milliseconds after which nobody fills any more what was computed before a watermark. */
const STAMP_AGE_MS = Math.max(limits.fenceAgeMsMax, limits.leaseHoldMsMax);

/** A pass through one namespace. */
interface Pass {
  readonly namespaceId: NamespaceId;
  readonly watermarks: WatermarkTable;
  /** The newest watermark when the pass began: what the pass settles. */
  readonly sweptTo: number;
  readonly from: string;
  /** Store time of the first page, in milliseconds; `undefined` before it. */
  readonly begunAtMs: number | undefined;
}

/**
 * Makes permanent, page by page in the background, what watermarks say of entries: removed ones leave the store, stale
 * ones become so by their own lifetime. A watermark is forgotten by a pass that began when no fill from before it could
 * come any more (`rules/sweep-pass.ts`). Only namespaces with watermarks are swept.
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
    const begunAtMs = pass.begunAtMs ?? page.nowMs;
    for (const listed of page.entries) await this.#settle(pass, listed);
    if (page.next === undefined) this.#endPass(pass, begunAtMs);
    else this.#pass = { ...pass, from: page.next, begunAtMs };
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
      if (!this.#isDue(watermarks, progress)) continue;
      progress.passedAtMs = this.#clock.monotonicMs();
      return { namespaceId, watermarks, sweptTo: watermarks.newest, from: '', begunAtMs: undefined };
    }
    return undefined;
  }

  #isDue({ newest, size }: WatermarkTable, { sweptTo, passedAtMs }: Progress): boolean {
    if (sweptTo !== newest) return true;
    return size > 0 && this.#clock.monotonicMs() - passedAtMs >= PASS_INTERVAL_MS;
  }

  #endPass({ watermarks, sweptTo }: Pass, begunAtMs: number): void {
    this.#progressOf(watermarks).sweptTo = sweptTo;
    watermarks.prune(sweptTo, settledBeforeMs(begunAtMs, STAMP_AGE_MS));
  }

  #progressOf(watermarks: WatermarkTable): Progress {
    const known = this.#progress.get(watermarks);
    if (known !== undefined) return known;
    const fresh: Progress = { sweptTo: 0, passedAtMs: this.#clock.monotonicMs() };
    this.#progress.set(watermarks, fresh);
    return fresh;
  }
}
