import type { Clock, Timer } from '../../base/clock.ts';

/** What a watchdog watches. */
export interface Watched {
  /** Sends something that the server answers at once. What it hears is told by `heard`. */
  ping(): void;
  /** Called once, when the server has been silent for too long. */
  onSilent(): void;
}

/** Milliseconds between two looks. */
export const WATCH_INTERVAL_MS = 250;

/** Milliseconds after which a server that was asked and says nothing is given up. */
export const SILENCE_MS_MAX = 1500;

/**
 * Notices a server that says nothing although it was asked: a frozen process, or a connection whose other end is gone
 * without a word, which TCP tells after minutes. Pings only when there is nothing else to hear.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #watched: Watched;
  #timer: Timer | undefined;
  #heardMs: number;
  // When the ping was sent that is still without an answer, or anything else to be heard.
  #askedMs: number | undefined;

  constructor(clock: Clock, watched: Watched) {
    this.#clock = clock;
    this.#watched = watched;
    this.#heardMs = clock.monotonicMs();
    this.#timer = clock.startTimer(WATCH_INTERVAL_MS, () => this.#look());
  }

  /** Tells that something came from the server. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
    this.#askedMs = undefined;
  }

  /** Stops watching. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#askedMs !== undefined && nowMs - this.#askedMs >= SILENCE_MS_MAX) {
      this.#lookOnceMore();
      return;
    }
    if (this.#askedMs === undefined && nowMs - this.#heardMs >= WATCH_INTERVAL_MS) {
      this.#askedMs = nowMs;
      this.#watched.ping();
    }
    this.#timer = this.#clock.startTimer(WATCH_INTERVAL_MS, () => this.#look());
  }

  // After a stall of this process the answer may be there already, unread: timers fire before sockets are read.
  #lookOnceMore(): void {
    this.#timer = this.#clock.startTimer(0, () => {
      this.#timer = undefined;
      if (this.#askedMs !== undefined) return this.#watched.onSilent();
      this.#timer = this.#clock.startTimer(WATCH_INTERVAL_MS, () => this.#look());
    });
  }
}
