import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';

/** How much one step of the walk takes. */
export interface StepBounds {
  readonly entriesMax: number;
  /** Bytes of values, but for one entry that alone exceeds them. */
  readonly bytesMax: number;
}

/** Keys that L1 holds of one partition. */
export interface WalkedKeys {
  readonly home: Home;
  readonly view: PartitionView;
  readonly keys: readonly string[];
}

/** Times that one step may find no entry: each time it skips thousands of empty slots, or comes to a namespace's end. */
const EMPTY_LOOKS_MAX = 64;

/**
 * Walks over what L1 holds of all namespaces, in the order of its slots, step by step, round after round. An entry that
 * stays is met once a round.
 */
export class AuditWalk {
  readonly #homes: () => Iterable<Home>;
  readonly #bounds: StepBounds;
  #queue: Home[] = [];
  #slot = 0;
  #rounds = 0;

  constructor(homes: () => Iterable<Home>, bounds: StepBounds) {
    this.#homes = homes;
    this.#bounds = bounds;
  }

  /** Rounds that are over. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Takes a step, to the end of the round at most. */
  step(nowMsOf: (home: Home) => number): readonly WalkedKeys[] {
    const met = new Map<PartitionView, Map<Home, string[]>>();
    if (this.#queue.length === 0) this.#queue = [...this.#homes()];
    let { entriesMax: entriesLeft, bytesMax: bytesLeft } = this.#bounds;
    for (let emptyLooks = 0; emptyLooks < EMPTY_LOOKS_MAX && entriesLeft > 0 && bytesLeft > 0; ) {
      const [home] = this.#queue;
      if (home === undefined) break;
      const { entries, next } = home.tier.page(this.#slot, 1, nowMsOf(home));
      const [entry] = entries;
      this.#goTo(next);
      if (entry === undefined) emptyLooks++;
      else {
        add(met, home, entry.key);
        entriesLeft--;
        bytesLeft -= entry.value?.byteLength ?? 0;
      }
    }
    return [...met].flatMap(([view, byHome]) => [...byHome].map(([home, keys]) => ({ home, view, keys })));
  }

  #goTo(next: number | undefined): void {
    this.#slot = next ?? 0;
    if (next !== undefined) return;
    this.#queue.shift();
    if (this.#queue.length === 0) this.#rounds++;
  }
}

function add(met: Map<PartitionView, Map<Home, string[]>>, home: Home, key: string): void {
  const view = home.viewOf(key);
  const byHome = met.get(view) ?? new Map<Home, string[]>();
  met.set(view, byHome);
  const keys = byHome.get(home);
  if (keys === undefined) byHome.set(home, [key]);
  else keys.push(key);
}
