import type { News } from '../store.ts';

type Listener = (news: News) => void;

interface Telling {
  readonly news: News;
  /** Who watched when it happened: later watchers don't hear of it. */
  readonly listeners: readonly Listener[];
}

/**
 * Tells news to whoever watches, in order also when a listener makes a change itself: that one is told when the
 * present one has been told to all. A listener that throws is a bug: the others are told, the change stands, and the
 * error surfaces as uncaught, where the process' owner sees it.
 */
export class Watchers {
  #listeners: readonly Listener[] = [];
  readonly #queue: Telling[] = [];
  #telling = false;

  /** Calls `listener` with all news from now on. Returns how to stop. */
  watch(listener: Listener): () => void {
    let stopped = false;
    const guarded: Listener = (news) => {
      if (!stopped) listener(news);
    };
    this.#listeners = [...this.#listeners, guarded];
    return () => {
      stopped = true;
      this.#listeners = this.#listeners.filter((other) => other !== guarded);
    };
  }

  /** Tells what has happened. */
  tell(news: News): void {
    if (this.#listeners.length === 0) return;
    this.#queue.push({ news, listeners: this.#listeners });
    if (!this.#telling) this.#tellAll();
  }

  #tellAll(): void {
    this.#telling = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (const listener of next.listeners) tellOne(listener, next.news);
    }
    this.#telling = false;
  }
}

function tellOne(listener: Listener, news: News): void {
  try {
    listener(news);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
