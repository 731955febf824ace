import type { Change } from './change.ts';

/** Returns the key that a change is about, or `undefined` for a wide one and a new epoch. */
export function changedKey(change: Change): string | undefined {
  switch (change.kind) {
    case 'invalidate':
      return change.selector.kind === 'key' ? change.selector.key : undefined;
    case 'epoch':
      return undefined;
    default:
      return change.key;
  }
}
