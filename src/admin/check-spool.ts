import { limits } from '../base/limits.ts';
import type { Check, Finding } from './check.ts';
import { countText, spanText } from './figures.ts';

/** The invalidations that a node keeps while the store is away. */
export interface CheckedSpool {
  /** How many wait. */
  readonly waiting: number;
  /** Milliseconds for which the oldest has been waiting. */
  readonly oldestMs: number;
  readonly counts: { readonly dropped: number; readonly damaged: number };
}

/** From which share on the spool is nearly full. */
const NEARLY = 0.9;

/** Tells what waits in the spool, and what of it was lost. */
export function checkSpool(spool: CheckedSpool): Check {
  return {
    name: 'spool',
    look: () => {
      const { damaged, dropped } = spool.counts;
      const found = [damaged > 0 ? [lost(damaged)] : [], spool.waiting > 0 ? [waiting(spool)] : []].flat();
      return dropped > 0 ? [...found, withoutNamespace(dropped)] : found;
    },
  };
}

function lost(count: number): Finding {
  return {
    severity: 'error',
    what: `${countText(count)} lines of the spool could not be read at the start: the invalidations in them were not made`,
    whatToDo:
      'Invalidate the namespaces concerned as a whole. The log event spoolDamaged names the file that was kept.',
  };
}

function waiting({ waiting: count, oldestMs }: CheckedSpool): Finding {
  const isFull = count >= limits.spooledInvalidationsMax * NEARLY;
  return {
    severity: isFull ? 'error' : 'warning',
    what: `${countText(count)} deferred invalidations wait, the oldest for ${spanText(oldestMs)}: other nodes serve what they cover${isFull ? '; hardly any more can be deferred' : ''}`,
    whatToDo: 'They are made, in order, when the store can be reached: see the findings of `store` and `redis`.',
  };
}

function withoutNamespace(count: number): Finding {
  return {
    severity: 'info',
    what: `${countText(count)} deferred invalidations were dropped, for their namespaces had been deleted meanwhile`,
    whatToDo: 'Nothing, if that was intended.',
  };
}
