import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import type { Position } from './position.ts';

/** What a node can tell a subscriber of one partition. */
export interface ResumeView {
  readonly chain: EpochChain;
  /** Number of the newest change that was applied. */
  readonly applied: number;
  /** Changes up to this number are no longer at hand. */
  readonly floor: number;
  /**
   * True if a heartbeat that was sent after the subscriber came has proven the tail: the node knows every epoch that the
   * subscriber can know. A permit alone may be older than the epoch.
   */
  readonly current: boolean;
}

/** Send what follows a number, wait until the node has caught up, or say `Reset`. */
export type ResumeStep =
  | { readonly kind: 'after'; readonly number: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'reset' };

/**
 * Resumable: returns how a stream goes on for a subscriber that was told everything up to `at`. At or below the fork
 * nothing was lost; beyond it the subscriber saw what never happened. A node that lags behind waits: also when it does
 * not know the epoch and can't prove that it knows the newest.
 */
export function resumeStep(view: ResumeView, at: Position): ResumeStep {
  const number = effectiveNumber(view.chain, at);
  if (number === undefined) return view.current ? { kind: 'reset' } : { kind: 'wait' };
  if (number < at.number) return { kind: 'reset' };
  if (number > view.applied) return { kind: 'wait' };
  return number < view.floor ? { kind: 'reset' } : { kind: 'after', number };
}
