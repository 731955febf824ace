/** The two clocks that code may ask. Injected everywhere, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the Unix epoch. Only a store's own clock decides about lifetimes. */
  nowMs(): number;
  /** Milliseconds on a clock that never steps. For durations within this process. */
  monotonicMs(): number;
  /** Calls `callback` once, after `delayMs`. Whoever starts a timer stops it. */
  startTimer(delayMs: number, callback: () => void): Timer;
}

/** A started timer. */
export interface Timer {
  /** Stops the timer; does nothing if it has fired. */
  stop(): void;
}

/** The clocks of the machine. Timers don't keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  startTimer(delayMs, callback) {
    const timeout = setTimeout(callback, delayMs);
    timeout.unref();
    return { stop: () => clearTimeout(timeout) };
  },
};

/** The clocks of the machine, with timers that keep the process alive: for a command that waits for nothing else. */
export const waitingClock: Clock = {
  ...systemClock,
  startTimer(delayMs, callback) {
    const timeout = setTimeout(callback, delayMs);
    return { stop: () => clearTimeout(timeout) };
  },
};
