import type { LifetimeOptions } from '../calls/write.ts';
import type { Codec } from '../codecs/codec.ts';
import type { FreshnessOptions } from '../freshness/demand.ts';
import type { CallOptions } from '../transport/caller.ts';

/**
 * Computes the value of a key. `undefined`: the source has nothing there. The signal aborts when nobody waits for the value
 * any more.
 */
export type Compute<T> = (context: { readonly signal: AbortSignal }) => T | undefined | Promise<T | undefined>;

/**
 * How a value is computed once, kept and served. With `staleWindowMs` a stale value is served while its successor is
 * computed; `timeoutMs` bounds each call to the server, not the computation.
 */
export interface ComputeOptions extends LifetimeOptions, CallOptions, FreshnessOptions {
  /**
   * Milliseconds for which "nothing there" is remembered, at most the namespace's negative TTL: 30 s by default. Default: it
   * is not.
   */
  readonly negativeTtlMs?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  /** What makes bytes of the value. Default: the client's. */
  readonly codec?: Codec | undefined;
  /** As in `get`. */
  readonly unknownAsBytes?: boolean | undefined;
  /** Milliseconds that another caller's computation is waited for, before computing as well. Default 10 000. */
  readonly waitMs?: number | undefined;
  /** Milliseconds that the computation may take before another caller is asked. Default 10 000, at most 10 min. */
  readonly leaseMs?: number | undefined;
  /** Serve the stale value there is, if any, where the computation fails. */
  readonly staleIfError?: boolean | undefined;
}

/** One key to compute. */
export interface Job {
  readonly key: string;
  readonly options: ComputeOptions;
  readonly fn: Compute<unknown>;
}
