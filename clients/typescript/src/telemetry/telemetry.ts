import type { NearStats } from '../near/near-stats.ts';

/** What the client tells the application's observers. */
export interface Telemetry {
  /** A call ended. `outcome` is `OK`, the server's reason, or the gRPC code. */
  called(method: string, outcome: string, durationMs: number): void;
  /** Reads the near cache's figures whenever somebody collects. Returns what ends that. */
  watchNearCache(read: () => NearStats): () => void;
  /** The headers by which the present trace goes on at the server. */
  traceHeaders(): Iterable<readonly [string, string]>;
}

/** Tells nobody. */
export const noTelemetry: Telemetry = {
  called: () => undefined,
  watchNearCache: () => () => undefined,
  traceHeaders: () => [],
};
