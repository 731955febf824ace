import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import type { Position } from './position.ts';

/** How far a change must have come: every node has applied it, or has also told its subscribers. */
export type ReceiptGoal = 'applied' | 'streamed';

/** How far a node has come with a change; `behind` where nothing is known to be reached. */
export type NodeState = 'applied' | 'streamed' | 'silent' | 'behind';

/** What the store knows of a node. */
export interface NodeReport {
  /** The newest change that it had applied when it sent its last heartbeat; `undefined` if none. */
  readonly applied: Position | undefined;
  /** Up to here its subscribers had been told what happened; `undefined` if not even that is known. */
  readonly streamed: Position | undefined;
  /** Milliseconds since the store took its last heartbeat, by the store's clock. */
  readonly silentMs: number;
  /** Milliseconds after the send of a heartbeat for which the node may answer without asking anybody. */
  readonly trustedMs: number;
}

/**
 * Returns how far a node has come with the change at `target`.
 *
 * Silent: the store takes a heartbeat after it was sent, and every permit counts from a send, so whoever was silent for
 * longer than it may be trusted has no permit left; the next one needs a proof that it has applied the change. A change
 * that the history in force has lost is reached by nobody, however silent: what was dropped may be read again.
 *
 * Laws: monotone in what the node reached and in its silence; a lost target is `behind` for all.
 */
export function nodeState(chain: EpochChain, target: Position, goal: ReceiptGoal, node: NodeReport): NodeState {
  const number = effectiveNumber(chain, target);
  if (number !== target.number) return 'behind';
  const reaches = (position: Position | undefined): boolean =>
    position !== undefined && (effectiveNumber(chain, position) ?? Number.NEGATIVE_INFINITY) >= number;
  if (goal === 'streamed' && reaches(node.streamed)) return 'streamed';
  if (goal === 'applied' && reaches(node.applied)) return 'applied';
  if (node.silentMs > node.trustedMs) return 'silent';
  return reaches(node.applied) ? 'applied' : 'behind';
}

/** Tells whether nothing more is waited for from a node in this state. */
export function isSettled(state: NodeState, goal: ReceiptGoal): boolean {
  return state === 'silent' || state === goal;
}

/** Returns the state of a node over several changes: the one that is least far. */
export function leastState(states: readonly NodeState[], goal: ReceiptGoal): NodeState {
  const order: readonly NodeState[] = ['behind', ...(goal === 'streamed' ? (['applied'] as const) : []), 'silent'];
  return order.find((state) => states.includes(state)) ?? goal;
}

/**
 * Tells whether nodes may be there that the store has not heard of. When a history goes on at another server, or begins
 * anew, registrations may have been lost with the old one; until all that anybody had proven there has ended, only those
 * that came back are known.
 *
 * @param listAgeMs milliseconds since a node first registered in the epoch in force, by the store's clock
 * @param trustedMsMax the longest for which a node may be trusted without word from the store
 */
export function mayLackNodes(listAgeMs: number, trustedMsMax: number): boolean {
  return listAgeMs <= trustedMsMax;
}
