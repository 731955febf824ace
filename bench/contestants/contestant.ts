/** What a drive did. */
export interface Drive {
  readonly calls: number;
  readonly callsPerSecond: number;
}

/** What a contestant is in every launch. */
export interface ContestantTraits {
  /** `server.call`, as in `reprise.get`. */
  readonly id: string;
  readonly title: string;
  /** The wire protocol and what drives it: figures of different protocols are no race. */
  readonly protocol: string;
  /** Keys read by one call. */
  readonly keysPerCall: number;
}

/** A running server under one kind of load. */
export interface Contestant extends ContestantTraits {
  /** Process whose CPU time is counted. */
  readonly pid: number;
  /** The longest warm-up that does it any good, in seconds. Default: there is no limit. */
  readonly warmUpSecondsMax?: number;
  /** Makes one call and rejects unless the answer is what it should be. */
  verify(): Promise<void>;
  /** Loads the server for about this long and rejects if an answer was wrong. */
  drive(seconds: number): Promise<Drive>;
}

/** Says of a server compiled ahead of time that it runs as fast as it ever will after a moment. */
export const compiledAhead = { warmUpSecondsMax: 1 } as const;

/** Cores of a measurement: servers on one, load on the other, so that they don't take time from each other. */
export const cores = { server: 0, load: 1 } as const;

/** The same shape of load for every contestant: connections, and calls under way on each at the same time. */
export const loadShape = {
  get: { connections: 4, depth: 32 },
  /** As many calls under way, a connection each: for protocols whose clients seldom pipeline. */
  getUnpipelined: { connections: 128, depth: 1 },
  batch: { connections: 4, depth: 8 },
} as const;
