import type { Change } from '../store/store.ts';

/** Why a subscriber may have missed changes. */
export type ResetCause = 'slow' | 'historyGone' | 'tokenUnusable';

/** Turns what subscribers are told into bytes. Each message is encoded once, however many receive it. */
export interface StreamEncoder {
  /** The stream has begun. */
  ready(token: string, progressIntervalMs: number): Buffer;
  /** These changes happened; all that matched up to the token was sent. */
  events(changes: readonly Change[], token: string): Buffer;
  /** All that matched up to the token was sent. */
  progress(token: string): Buffer;
  /** Changes up to the token may be missing. */
  reset(cause: ResetCause, token: string): Buffer;
  /** The stream ends; go on elsewhere, after a while. */
  goingAway(token: string, retryAfterMs: number): Buffer;
  /** Returns how many bytes a change takes in `events`. */
  eventBytes(change: Change): number;
}
