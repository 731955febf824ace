import type { InvalidateResult, ItemFailure, Lookup, NearStats, SetManyResult, SetResult } from '../src/index.ts';
import { errorOf } from './error-of.ts';
import { type Fields, fieldOf } from './fields.ts';

const PASSED = { passThrough: true };

/** Returns how an answer writes a lookup, or the failure of an item. */
export function lookupFields(found: Lookup<unknown> | ItemFailure): Fields {
  switch (found.kind) {
    case 'hit': {
      const { kind, value, valueOr: _, ...served } = found;
      return { kind, value: fieldOf(value), ...served };
    }
    case 'negative': {
      const { valueOr: _, ...served } = found;
      return served;
    }
    case 'miss':
      return { kind: 'miss', missReason: found.reason, fence: found.fence };
    case 'error':
      return { error: errorOf(found.error) };
  }
}

/** Returns how an answer writes the outcome of a write. */
export function setFields(result: SetResult | SetManyResult): Fields {
  switch (result.kind) {
    case 'stored':
      return { stored: true, ...result };
    case 'notStored':
      return { stored: false, notStored: result.reason, revision: result.revision };
    case 'passedThrough':
      return { stored: false, ...PASSED };
    case 'error':
      return { error: errorOf(result.error) };
  }
}

/** Returns how an answer writes the outcome of another change: `names` tells what it is called by its kind. */
export function changeFields(result: { readonly kind: string }, fields: Fields): Fields {
  return result.kind === 'passedThrough' ? { ...fields, ...PASSED } : { ...fields, ...result };
}

/** Returns how an answer writes the outcome of an invalidation. */
export function invalidateFields(result: InvalidateResult): Fields {
  switch (result.kind) {
    case 'invalidated':
      return { invalidated: true, token: result.token };
    case 'counted':
      return { counted: Number(result.affected), precision: result.precision };
    case 'refused':
      return { refused: result.reason, affected: Number(result.affected) };
    case 'passedThrough':
      return { invalidated: false, ...PASSED };
  }
}

/** Returns how an answer writes what happened in a near cache. */
export function nearFields(stats: NearStats): Fields {
  return { ...stats, drops: Object.values(stats.drops).reduce((sum, count) => sum + count, 0) };
}
