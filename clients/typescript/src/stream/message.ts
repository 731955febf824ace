import { enumName } from '../base/enum-name.ts';
import type { RepriseError } from '../errors.ts';
import { type Event, EventCause, InvalidationMode, ResetReason } from '../gen/reprise/v1/invalidation_service.ts';

/** What happened to what a change names. */
export type ChangeCause = 'SET' | 'TOUCH' | 'DELETE' | 'KEY' | 'TAG' | 'PREFIX' | 'NAMESPACE' | 'EPOCH' | 'UNSPECIFIED';

/** What a change names: one key, the entries with a tag, the keys with a prefix, or all. */
export type ChangeTarget =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'namespace' };

/** One change. It never carries a value. */
export type Change = ChangeTarget & {
  readonly cause: ChangeCause;
  /** What an invalidation did to the entries. Absent for the others. */
  readonly mode?: 'REMOVE' | 'MARK_STALE';
  /** Names the change. After a SET or a TOUCH the entry has this revision. */
  readonly revision: string;
  /** Who made the change: `anonymous` without an identity. */
  readonly actor: string;
  /** W3C trace context of the call that made the change. Empty if it had none. */
  readonly traceparent: string;
};

/**
 * How a subscription is: not yet connected; every matching change comes as it happens; broken or silent, so that changes
 * may be late; told that changes may be missing; over.
 */
export type StreamState = 'CONNECTING' | 'READY' | 'STALE' | 'RESETTING' | 'CLOSED';

/** Why changes may be missing. `SLOW`: their reader took them too slowly. */
export type ResetCause = 'SLOW' | 'HISTORY_GONE' | 'TOKEN_UNUSABLE' | 'UNSPECIFIED';

/** One message of a subscription. All matching changes up to a token came before it, or with it. */
export type StreamMessage =
  | { readonly kind: 'events'; readonly changes: readonly Change[]; readonly token: string }
  | { readonly kind: 'progress'; readonly token: string }
  /** Drop all that was derived from the changes before. */
  | { readonly kind: 'reset'; readonly reason: ResetCause; readonly token: string }
  /** `error`: why the stream broke, if one is known. */
  | { readonly kind: 'state'; readonly state: StreamState; readonly error?: RepriseError };

/** Returns a change as the client tells it. */
export function changeOf(event: Event): Change {
  const { cause, mode, revision, actor, traceparent } = event;
  const named = mode === InvalidationMode.UNSPECIFIED ? {} : { mode: enumName(InvalidationMode, mode) as 'REMOVE' };
  return { ...targetOf(event), cause: enumName(EventCause, cause), ...named, revision, actor, traceparent };
}

/** Returns the reason of a Reset. */
export function resetCauseOf(reason: ResetReason): ResetCause {
  return enumName(ResetReason, reason);
}

// A target that was added to the contract later may be anything: the whole namespace is never too little.
function targetOf({ target }: Event): ChangeTarget {
  switch (target?.$case) {
    case 'key':
      return { kind: 'key', key: target.value };
    case 'tag':
      return { kind: 'tag', tag: target.value };
    case 'prefix':
      return { kind: 'prefix', prefix: target.value };
    default:
      return { kind: 'namespace' };
  }
}
