/** What the orchestrator of `make bench-clients` asks for, a JSON object a line. */
export interface Command {
  /** What is measured. */
  readonly do: 'hits' | 'gets' | 'batches' | 'latencies' | 'changes';
  /** Who does it; each measurement knows its own contestants. */
  readonly who: string;
  readonly address: string;
  readonly namespace: string;
  /** Keys that the server has, with values of `valueBytes`. */
  readonly keys: readonly string[];
  readonly valueBytes: number;
  readonly seconds: number;
  /** Callers at the same time. */
  readonly callers: number;
  /** Changes a second. */
  readonly rate: number;
}

/** Work that was counted. */
export interface Counted {
  readonly operations: number;
  readonly seconds: number;
  /** CPU time of this process, all its threads. */
  readonly cpuSeconds: number;
  /** Of the reads, the share that the near cache answered. */
  readonly served?: number;
}

/** Work that was timed one by one. */
export interface Timed {
  readonly samplesUs: readonly number[];
  /** What was done a second. */
  readonly perSecond: number;
}

/** Counts operations, and the time and CPU time that pass. */
export class Counter {
  operations = 0;
  readonly #beganMs = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #endMs: number;

  constructor(seconds: number) {
    this.#endMs = this.#beganMs + seconds * 1000;
  }

  /** True once the time is over. */
  get isOver(): boolean {
    return performance.now() >= this.#endMs;
  }

  /** Returns what was counted until now. */
  counted(): Counted {
    const { user, system } = process.cpuUsage(this.#cpu);
    const seconds = (performance.now() - this.#beganMs) / 1000;
    return { operations: this.operations, seconds, cpuSeconds: (user + system) / 1e6 };
  }
}

/** Returns whole microseconds. */
export function wholeUs(ms: number): number {
  return Math.round(ms * 1000);
}
