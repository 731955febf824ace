import type { Epoch, Partition, Position } from '../cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../cache/rules/selector.ts';
import type { EntryRef, NamespaceId } from './store.ts';

/** Who made a change, as events tell it. */
export interface Author {
  /** Name of the caller's identity. */
  readonly actor: string;
  /** What the caller's process calls itself; empty if it does not say. */
  readonly origin: string;
  /** W3C trace context of the call; empty if it had none. */
  readonly traceparent: string;
}

/** What every change may carry. */
export interface Authored {
  /** Kept with the change in the log, and told with it. */
  readonly author?: Author | undefined;
}

/** One change of the log. */
export type Change = {
  readonly namespaceId: NamespaceId;
  readonly partition: Partition;
  readonly position: Position;
  readonly author: Author | undefined;
  /** Of the entry that a change of one key names: before the change and after it. Empty for a wide change. */
  readonly tags: readonly string[];
} & (
  | { readonly kind: 'set' | 'touch' | 'delete'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly selector: Selector; readonly mode: InvalidationMode }
  /** A new epoch began with this number. Of no namespace. */
  | { readonly kind: 'epoch' }
);

/** What a store tells whoever watches: the changes of each partition in order, and what became of its history. */
export type News =
  | { readonly kind: 'changed'; readonly change: Change }
  /** A new epoch is in force: changes beyond the fork were lost, what comes next has the number after it. */
  | { readonly kind: 'forked'; readonly partition: Partition; readonly epoch: Epoch; readonly fork: number }
  /** The lease of a key was given back before its time, on whatever node. No change. */
  | { readonly kind: 'released'; readonly ref: EntryRef }
  /** Changes were missed, or the history is another one: what comes next follows this position. */
  | { readonly kind: 'restarted'; readonly partition: Partition; readonly position: Position };
