import type { NearStats } from '../near/near-stats.ts';

/** Headers by which a trace goes on at the server. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** A call that somebody observes. */
export interface ObservedCall {
  /** By which the trace goes on at the server, in each try of the call. */
  readonly headers: TraceHeaders;
  /** Does the work of the call, as a part of its trace. */
  run<T>(work: () => T): T;
  /** To be called once, when the call has ended. `outcome` is `OK`, the server's reason, or the gRPC code. */
  ended(outcome: string, durationMs: number): void;
}

/** What the client tells the application's observers. */
export interface Telemetry {
  /** A call begins. `path` is `/` service `/` method. `isOwn`: the client makes it for itself, and no trace has it. */
  callBegan(path: string, isOwn: boolean): ObservedCall;
  /** Reads the near cache's figures whenever somebody collects. Returns what ends that. */
  watchNearCache(read: () => NearStats): () => void;
  /** The headers by which the present trace goes on at the server. */
  traceHeaders(): TraceHeaders;
}

const NO_HEADERS: TraceHeaders = {};
const UNOBSERVED: ObservedCall = { headers: NO_HEADERS, run: (work) => work(), ended: () => undefined };

/** Tells nobody. */
export const noTelemetry: Telemetry = {
  callBegan: () => UNOBSERVED,
  watchNearCache: () => () => undefined,
  traceHeaders: () => NO_HEADERS,
};
