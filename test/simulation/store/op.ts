import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { StoredLease } from '../../../src/cache/rules/lease.ts';
import type { Lifetime } from '../../../src/cache/rules/lifetime.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import type { Effect } from '../truth/effect.ts';
import type { Value } from '../truth/value.ts';

/** An entry as the store keeps it. */
export interface StoredRecord extends Lifetime {
  readonly key: string;
  readonly tags: readonly string[];
  readonly value: Value;
  readonly position: Position;
  readonly stamp: Position;
  readonly markedStale: boolean;
}

/** The result of a change that must be applied at most once. */
export interface Remembered {
  readonly requestId: string;
  readonly position: Position;
  readonly stamp: Position | undefined;
  readonly atMs: number;
}

/** What a primary did, as it sends it to its replicas. Those with an effect are numbered changes. */
export type Op = { readonly atMs: number } & (
  | { readonly kind: 'epoch'; readonly effect: Effect; readonly chain: EpochChain; readonly replicationId: string }
  | { readonly kind: 'write'; readonly effect: Effect; readonly record: StoredRecord; readonly once?: Remembered }
  | { readonly kind: 'remove'; readonly effect: Effect; readonly key: string; readonly once?: Remembered }
  | {
      readonly kind: 'raise';
      readonly effect: Effect;
      readonly selector: Selector;
      readonly mode: InvalidationMode;
      readonly once?: Remembered;
    }
  | { readonly kind: 'lease'; readonly key: string; readonly lease: StoredLease }
  | { readonly kind: 'settle'; readonly record: StoredRecord; readonly verdict: 'removed' | 'marked-stale' }
  | { readonly kind: 'leave'; readonly key: string }
  | { readonly kind: 'prune'; readonly sweptTo: number; readonly changedBeforeMs: number }
);
