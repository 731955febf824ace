import type { Moment } from '../../cache/rules/moment.ts';
import type { Freshness } from '../store.ts';

const NOTHING: Moment = [];

/** Returns what an answer must have seen to be as fresh as is asked: nothing, where no tokens say so. */
export function momentOf(freshness: Freshness): Moment {
  return freshness.kind === 'at-least' ? freshness.moment : NOTHING;
}
