import type { InvalidationMode, Selector } from '../cache/rules/selector.ts';
import type { Author, NamespaceId } from './store.ts';

/** An invalidation that waits until the store can be reached. */
export interface DeferredInvalidation {
  readonly namespaceId: NamespaceId;
  /** The namespace's name when it was deferred, for the log. */
  readonly namespace: string;
  /** All of one kind, at least one. */
  readonly selectors: readonly Selector[];
  readonly mode: InvalidationMode;
  readonly author: Author | undefined;
  /** Its own, so that making it again changes nothing for as long as the store remembers it. */
  readonly requestId: string;
  /** Wall-clock time, in milliseconds. */
  readonly deferredAtMs: number;
}

/** What could not be read when a spool was opened. */
export interface SpoolDamage {
  /** The file's name, without its directory. */
  readonly file: string;
  /** Numbers of the damaged lines, from 1. */
  readonly lines: readonly number[];
  /** Where the file is kept as it was found. */
  readonly keptAs: string;
}

/** Keeps deferred invalidations in order, over any end of the process. Belongs to one process at a time. */
export interface Spool {
  /** Invalidations that are kept, those that are on their way to the disk included. */
  readonly size: number;
  /** What was damaged when it was opened. */
  readonly damage: SpoolDamage | undefined;
  /** Returns one that is kept, counted from the oldest, which is 0. */
  at(index: number): DeferredInvalidation | undefined;
  /**
   * Keeps one, as the newest. It outlives the process and a loss of power once the promise resolves.
   *
   * @throws OperatingError SPOOL_FULL; STATE_UNAVAILABLE if it can't be written: then it is not kept
   */
  append(invalidation: DeferredInvalidation): Promise<void>;
  /** Forgets the oldest ones, for good once the promise resolves. @throws OperatingError STATE_UNAVAILABLE */
  removeOldest(count: number): Promise<void>;
  /** Waits for what is on its way, and lets others open it. */
  close(): Promise<void>;
}
