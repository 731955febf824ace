import { judge } from '../../cache/rules/visibility.ts';
import type { LastKnown } from '../store.ts';
import type { Home } from './home.ts';

/** When it is asked, and how old an answer of L1 may be. */
export interface Asked {
  /** Monotonic time now, in milliseconds. */
  readonly monotonicMs: number;
  readonly maxLagMs: number;
}

/**
 * Tells what L1 holds of a key, however long ago the permits ended: an entry stays there until it is gone, evicted or
 * overtaken. Its lifetime counts on by the store's time as it was last told, and the watermarks that came before the
 * store was lost still hide what they hid; those of a history that was left judge nothing that is newer than they.
 */
export function lastKnown(home: Home, key: string, { monotonicMs, maxLagMs }: Asked): LastKnown {
  const view = home.viewOf(key);
  const { control, watermarks } = home;
  const reachedAtMs = earlier(view.proof?.provenAtMs, control.proof?.provenAtMs);
  const nowMs = view.nowMs(monotonicMs);
  const entry = home.tier.use(key, nowMs);
  const table = watermarks.last;
  const visibility = entry === undefined || table === undefined ? 'removed' : judge(table, entry.stamp, entry);
  if (visibility === 'removed') return { read: undefined, current: false, reachedAtMs };
  const permitted = [view, control].every((each) => each.permitted(monotonicMs, maxLagMs));
  const current = permitted && watermarks.control(control.chain) === table;
  return { read: { entry, visibility, absence: 'unknown', nowMs }, current, reachedAtMs };
}

/** Returns the earlier of two moments; none if one of them never was. */
function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}
