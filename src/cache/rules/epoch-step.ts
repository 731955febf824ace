import { type EpochChain, effectiveNumber } from './epoch-chain.ts';

/** How the history that somebody tells of stands to the one that is known. */
export type EpochStep =
  /** The same epoch: their numbers compare. */
  | { readonly kind: 'same' }
  /** It grew out of the known one, and shares its changes up to `fork`. */
  | { readonly kind: 'forked'; readonly fork: number }
  /** The known one grew out of it: whoever tells it was deposed. Never go back to it, and believe nothing it proves. */
  | { readonly kind: 'older' }
  /** Neither is an ancestor of the other, or the chain no longer reaches: nothing is known to be shared. */
  | { readonly kind: 'unrelated' };

/**
 * Returns how `told` stands to `known`.
 *
 * Laws: exactly one of `a → b` and `b → a` is `forked` when the other is `older`; `unrelated` and `same` are symmetric.
 */
export function epochStep(known: EpochChain, told: EpochChain): EpochStep {
  if (told.epoch === known.epoch) return { kind: 'same' };
  const fork = effectiveNumber(told, { epoch: known.epoch, number: Number.POSITIVE_INFINITY });
  if (fork !== undefined) return { kind: 'forked', fork };
  return effectiveNumber(known, { epoch: told.epoch, number: 0 }) === undefined
    ? { kind: 'unrelated' }
    : { kind: 'older' };
}
