import type { ReadFallback, WriteFallback } from '../base/fallbacks.ts';
import type { NamespaceId } from '../store/store.ts';
import type { CacheCounters } from '../telemetry/cache-counters.ts';

/** How a namespace behaves. Times in milliseconds, sizes in bytes. */
export interface NamespaceSettings {
  readonly defaultTtlMs: number;
  readonly maxTtlMs: number;
  readonly negativeTtlMs: number;
  readonly defaultStaleWindowMs: number;
  readonly ttlJitterRatio: number;
  readonly valueBytesMax: number;
  readonly capacityBytes: number;
  /** What reads of consistency `any` get while the store that the nodes share can't be asked. */
  readonly readFallback: ReadFallback;
  /** What a Set without condition and request id does meanwhile. */
  readonly writeFallback: WriteFallback;
  /** Longest life of what is kept locally. */
  readonly localTtlMs: number;
}

/** A namespace as it was defined, by the file, by an administrator or built in. */
export interface NamespaceDefinition {
  readonly id: NamespaceId;
  readonly name: string;
  readonly settings: NamespaceSettings;
  readonly version: number;
  readonly createdAtMs: number;
  readonly managedByFile: boolean;
  readonly durable: boolean;
}

/** A namespace in use. */
export interface Namespace extends NamespaceDefinition {
  readonly counters: CacheCounters;
  /** When the counters stood at zero, on the monotonic clock. */
  readonly countedSinceMs: number;
}
