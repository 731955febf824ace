/**
 * The answer to a read: one of three, and none of them is an error. `kind` tells which.
 *
 * - `hit`: a value, which may be the codec's null, or zero bytes.
 * - `negative`: the source of the data has nothing under this key.
 * - `miss`: the cache has nothing.
 */
export type Lookup<T> = Hit<T> | Negative | Miss;

/** The cache has a value. */
export interface Hit<T> extends Served {
  readonly kind: 'hit';
  readonly value: T;
  /** The value. */
  valueOr(other: unknown): T;
}

/** The cache knows that the source of the data has nothing under this key. */
export interface Negative extends Served {
  readonly kind: 'negative';
  /** `other`: there is no value. */
  valueOr<O>(other: O): O;
}

/** The cache has nothing. */
export interface Miss {
  readonly kind: 'miss';
  readonly key: string;
  readonly reason: MissCause;
  /**
   * Token of the moment of the miss: a `set` with `condition: { fence }` is refused if anything changed since. Empty if the
   * store could not be asked, and in pass-through.
   */
  readonly fence: string;
  /** `other`: there is no value. */
  valueOr<O>(other: O): O;
}

/** What every entry that is served tells. */
export interface Served {
  readonly key: string;
  /** Names the change that made the entry. Compare for equality only. Empty for what one node wrote by itself. */
  readonly revision: string;
  /** Past its TTL, or marked stale. Only where stale entries were allowed, or `unverified`. */
  readonly stale: boolean;
  /** The store that the nodes share could not be asked: this may be older than any bound. */
  readonly unverified: boolean;
  /** Milliseconds left until the entry is stale, when it was answered. */
  readonly freshForMs: number;
  /** The entry's tags, if they were asked for. */
  readonly tags?: readonly string[];
}

/** Why a read missed. */
export type MissCause =
  | 'UNSPECIFIED'
  | 'UNKNOWN'
  | 'EXPIRED'
  | 'EVICTED'
  | 'INVALIDATED'
  | 'DELETED'
  | 'STORE_UNAVAILABLE'
  | 'PASS_THROUGH';

/** Returns a hit. */
export function hitOf<T>(served: Served, value: T): Hit<T> {
  const { key, revision, stale, unverified, freshForMs, tags } = served;
  // Field by field: a spread took a sixth of the time of a near hit.
  const hit: Hit<T> = { kind: 'hit', key, value, revision, stale, unverified, freshForMs, valueOr: ownValue };
  return tags === undefined ? hit : { ...hit, tags };
}

/** Returns a negative answer. */
export function negativeOf(served: Served): Negative {
  return { kind: 'negative', ...served, valueOr: otherValue };
}

/** Returns a miss. */
export function missOf(key: string, reason: MissCause, fence: string): Miss {
  return { kind: 'miss', key, reason, fence, valueOr: otherValue };
}

function ownValue<T>(this: Hit<T>): T {
  return this.value;
}

function otherValue<O>(other: O): O {
  return other;
}
