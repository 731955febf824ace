import type { Moment } from '../cache/rules/moment.ts';
import type { ResetCause } from './stream-encoder.ts';

/** A stream that reads the log. What matched up to `scanned` was sent, or is queued. */
export interface Replaying {
  readonly kind: 'replaying';
  readonly scanned: Moment;
}

/** Where a stream stands. */
export type SubscriptionState =
  /** The store can't tell yet what follows its token. */
  | { readonly kind: 'waiting' }
  | Replaying
  /** It is given what happens. */
  | { readonly kind: 'live' }
  /** It must be told that it missed something. */
  | { readonly kind: 'lost'; readonly cause: ResetCause }
  /** It must be told that the server goes away: all that matched up to `at` was sent. */
  | { readonly kind: 'leaving'; readonly at: Moment; readonly retryAfterMs: number }
  /** Nothing more is sent. */
  | { readonly kind: 'closed' };
