/** Changes to subscribers of which some never read. */
export interface SoakLoad {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly serverPid: number;
  /** Subscribers who read what comes. */
  readonly fast: number;
  /** Subscribers who take 64 KiB, as much as HTTP/2 lets a server send unasked, and then nothing until the end. */
  readonly stalled: number;
  /** Changes that are measured, in tenths of whole batches. */
  readonly changes: number;
  /** Keys that are written in turn. Of fewer than may wait for a subscriber, his queue keeps the newest change of each. */
  readonly keys: number;
}

/** What the server was like after so many changes. */
export interface SoakReading {
  readonly changes: number;
  readonly residentBytes: number;
  readonly elapsedMs: number;
  readonly serverCpuUs: number;
}

/** What a soak measured. */
export interface SoakResult {
  /** At the start, after the warm-up, and after every tenth of the changes. */
  readonly readings: readonly SoakReading[];
  /** What the fast ones received from the first change on, the warm-up's too, and how much it should be. */
  readonly received: number;
  readonly expected: number;
  /** Resets that the fast ones were told. */
  readonly fastResets: number;
  /** What the stalled ones were told when they read again at last: a Reset, or the newest change. */
  readonly stalledResets: number;
  readonly stalledUpToDate: number;
}
