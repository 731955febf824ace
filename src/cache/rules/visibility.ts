import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import type { Position } from './position.ts';
import type { Coverable } from './selector.ts';
import type { Watermark, WatermarkTable } from './watermark-table.ts';

/** What the watermarks leave of an entry. */
export type Visibility = 'visible' | 'marked-stale' | 'removed';

/** What a reader knows of a namespace's control partition. */
export interface Control {
  readonly chain: EpochChain;
  readonly watermarks: WatermarkTable;
}

/**
 * Judges an entry by its stamp: the control position its writer had seen when the value's computation began. It is gone
 * if that is below a covering `removed` watermark or of an unknown epoch, stale if below a covering `stale` one.
 *
 * Laws: raising a watermark never makes an entry more visible; a later stamp never makes it less visible; REMOVE wins
 * over MARK_STALE in whichever order they came.
 */
export function judge(control: Control, stamp: Position, entry: Coverable): Visibility {
  const seen = effectiveNumber(control.chain, stamp);
  if (seen === undefined) return 'removed';
  if (seen >= control.watermarks.newest) return 'visible';
  return verdict(seen, control.watermarks.covering(entry));
}

/**
 * Judges a stamp by the highest watermarks that cover its entry, as the control partition told them with its chain: for
 * a reader that holds no table of its own, or may not trust it.
 */
export function judgeAgainst(chain: EpochChain, covering: Watermark, stamp: Position): Visibility {
  const seen = effectiveNumber(chain, stamp);
  return seen === undefined ? 'removed' : verdict(seen, covering);
}

/**
 * Tells whether a stamp is above all watermarks, the newest of which has this number: then nothing covers its entry.
 */
export function isAboveAll(chain: EpochChain, newestWatermark: number, stamp: Position): boolean {
  const seen = effectiveNumber(chain, stamp);
  return seen !== undefined && seen >= newestWatermark;
}

/**
 * Tells whether a node's own table, of the epoch of an answer, has every watermark that there was at its moment: it does if
 * the tail has applied the newest one.
 */
export function hasNewest(applied: number, newestWatermark: number): boolean {
  return newestWatermark <= applied;
}

/**
 * Tells whether a reader can judge a stamp by the chain it knows. If not, the reader may lag behind the writer: it asks
 * the control partition before it calls the entry removed.
 */
export function canJudge(chain: EpochChain, stamp: Position): boolean {
  return effectiveNumber(chain, stamp) !== undefined;
}

function verdict(seen: number, { removed, stale }: Watermark): Visibility {
  if (seen < removed) return 'removed';
  return seen < stale ? 'marked-stale' : 'visible';
}
