import type { MaybePromise } from '../base/maybe-promise.ts';
import type { CacheCounters } from './cache-counters.ts';
import type { RequestLatencies } from './request-latencies.ts';

/** What one namespace tells when metrics are scraped. */
export interface NamespaceMetrics {
  readonly name: string;
  readonly counters: CacheCounters;
  readonly usage: {
    readonly entries: number;
    readonly weightBytes: number;
    readonly capacityBytes: number;
    readonly evictions: number;
    readonly expirations: number;
  };
  readonly watermarks: number;
  readonly watermarkFolds: number;
}

/** Where metrics come from. Asked once a scrape, never on the hot path. */
export interface MetricSources {
  /** The product's version. */
  readonly version: string;
  readonly latencies: RequestLatencies;
  /** True while the server takes calls. */
  ready(): boolean;
  /** Calls that are being answered now. */
  callsInFlight(): number;
  /** All namespaces; beyond `limits.namespacesMax` they are not shown. */
  namespaces(): MaybePromise<readonly NamespaceMetrics[]>;
}
