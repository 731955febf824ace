import type { Epoch, Position } from './position.ts';

/** An epoch that came before, and the last number that its successor shares with it. */
export interface Ancestor {
  readonly epoch: Epoch;
  /** Changes up to this number are part of the successor's history; later ones were lost. */
  readonly fork: number;
}

/**
 * The history of one partition: the epoch in force and its ancestors, newest first. An epoch that is not in the chain
 * is unknown: nothing is shared with it.
 */
export interface EpochChain {
  readonly epoch: Epoch;
  readonly ancestors: readonly Ancestor[];
}

/**
 * Returns what a position's number counts as in the epoch in force: itself in that epoch, at most every fork since in
 * an ancestor, `undefined` in an unknown epoch.
 *
 * Laws: never greater than the number; monotonic in the number; taking two chain steps one by one or together gives the
 * same.
 */
export function effectiveNumber(chain: EpochChain, position: Position): number | undefined {
  if (position.epoch === chain.epoch) return position.number;
  let fork = Number.POSITIVE_INFINITY;
  for (const ancestor of chain.ancestors) {
    fork = Math.min(fork, ancestor.fork);
    if (ancestor.epoch === position.epoch) return Math.min(position.number, fork);
  }
  return undefined;
}

/** Tells whether the change a position names is part of the history in force. */
export function inHistory(chain: EpochChain, position: Position): boolean {
  return effectiveNumber(chain, position) === position.number;
}

/**
 * Returns the chain after an epoch change: `epoch` is in force and shares `fork` with what was in force before. Keeps
 * the newest `ancestorsMax` ancestors.
 */
export function forkChain(chain: EpochChain, epoch: Epoch, fork: number, ancestorsMax = 16): EpochChain {
  return { epoch, ancestors: [{ epoch: chain.epoch, fork }, ...chain.ancestors].slice(0, ancestorsMax) };
}
