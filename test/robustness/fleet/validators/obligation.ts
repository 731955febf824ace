import type { Placed } from '../../../../src/cache/rules/token.ts';
import type { Reading } from '../history/operation.ts';
import { type Effect, isAcknowledged, stands, type Truth } from '../history/truth.ts';

/** Why an answer must show an effect; `undefined` if it need not. */
export type Obligation = 'token' | 'time' | undefined;

/**
 * Tells why an answer must show an effect: it is part of the history, and lies within a token that the read carried, or
 * was acknowledged longer ago than a node may lag (at all, for a read of what is latest). What a node made again counts
 * from when it was seen in the log.
 */
export function mustShow(truth: Truth, effect: Effect, reading: Reading): Obligation {
  if (!stands(effect)) return undefined;
  if (reading.tokens.some((token) => reaches(truth, token, effect))) return 'token';
  const lagMs = reading.consistency === 'latest' ? 0 : truth.history.maxLagMs;
  return shownFromMs(effect) < reading.sentMs - lagMs ? 'time' : undefined;
}

/** Returns when a caller was told of an effect, or at the latest when what it was told of was made again. */
function shownFromMs(effect: Effect): number {
  const { operation, seenMs } = effect;
  if (operation?.outcome.kind !== 'applied') return Number.POSITIVE_INFINITY;
  if (isAcknowledged(effect)) return operation.endedMs;
  return operation.kind === 'invalidate' ? Math.max(seenMs, operation.endedMs) : Number.POSITIVE_INFINITY;
}

function reaches(truth: Truth, token: readonly Placed[], { point }: Effect): boolean {
  return token.some((placed) => {
    const reached = truth.pointOf(placed);
    if (reached === undefined || reached.lostMs !== undefined || reached.partition !== point.partition) return false;
    return reached.era === point.era && reached.number >= point.number;
  });
}
