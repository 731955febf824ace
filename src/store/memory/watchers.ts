import type { Change } from '../store.ts';

type Listener = (change: Change) => void;

interface Telling {
  readonly change: Change;
  /** Who watched when the change was applied: later watchers don't hear of it. */
  readonly listeners: readonly Listener[];
}

/**
 * Tells changes to whoever watches, in order also when a listener makes a change itself: that one is told when the
 * present one has been told to all. A listener that throws is a bug: the others are told, the change stands, and the
 * error surfaces as uncaught, where the process' owner sees it.
 */
export class Watchers {
  #listeners: readonly Listener[] = [];
  readonly #queue: Telling[] = [];
  #telling = false;

  /** Calls `listener` for every change from now on. Returns how to stop. */
  watch(listener: Listener): () => void {
    let stopped = false;
    const guarded: Listener = (change) => {
      if (!stopped) listener(change);
    };
    this.#listeners = [...this.#listeners, guarded];
    return () => {
      stopped = true;
      this.#listeners = this.#listeners.filter((other) => other !== guarded);
    };
  }

  /** Tells a change that has been applied. */
  tell(change: Change): void {
    if (this.#listeners.length === 0) return;
    this.#queue.push({ change, listeners: this.#listeners });
    if (!this.#telling) this.#tellAll();
  }

  #tellAll(): void {
    this.#telling = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (const listener of next.listeners) tellOne(listener, next.change);
    }
    this.#telling = false;
  }
}

function tellOne(listener: Listener, change: Change): void {
  try {
    listener(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
