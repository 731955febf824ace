import type { Change } from '../store/store.ts';

/** Returns the key that a change is about, or `undefined` for a wide one. */
export function changedKey(change: Change): string | undefined {
  if (change.kind !== 'invalidate') return change.key;
  return change.selector.kind === 'key' ? change.selector.key : undefined;
}
