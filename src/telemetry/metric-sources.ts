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

/** What the store tells when metrics are scraped. */
export interface StoreMetrics {
  readonly up: { readonly reads: boolean; readonly writes: boolean };
  readonly breakers: { readonly closed: number; readonly open: number; readonly halfOpen: number };
  readonly opened: number;
  readonly refused: number;
}

/** What deferred invalidations tell when metrics are scraped. */
export interface DeferredMetrics {
  readonly waiting: number;
  readonly oldestMs: number;
  readonly counts: {
    readonly deferred: number;
    readonly made: number;
    readonly dropped: number;
    readonly damaged: number;
  };
}

/** What the auditor of a node's memory counted. */
export interface AuditMetrics {
  /** Looks by how long after a change, and by result. */
  readonly checks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Entries that were dropped, by cause. */
  readonly repairs: Readonly<Record<string, number>>;
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
  /** How hard the server sheds load, and how many calls of each group it has refused. */
  load(): { readonly pressure: number; readonly shed: ReadonlyMap<string, number> };
  store(): StoreMetrics;
  /** `undefined` without a spool. */
  deferred(): DeferredMetrics | undefined;
  /** `undefined` where memory is not audited. */
  audit(): AuditMetrics | undefined;
  /** All namespaces; beyond `limits.namespacesMax` they are not shown. */
  namespaces(): MaybePromise<readonly NamespaceMetrics[]>;
}
