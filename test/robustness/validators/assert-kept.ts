import assert from 'node:assert/strict';
import type { History } from '../history/history.ts';
import { allValidators } from './all-validators.ts';
import type { Validator, Verdict } from './validator.ts';

const SHOWN_MAX = 5;

/** Returns the promise that was broken, and the evidence. */
export function brokenPromise({ name, promise }: Pick<Validator, 'name' | 'promise'>, { evidence }: Verdict): string {
  const more = evidence.length > SHOWN_MAX ? [`… ${evidence.length - SHOWN_MAX} more`] : [];
  return [`${name}: ${promise}`, ...evidence.slice(0, SHOWN_MAX), ...more].join('\n  ');
}

/** Fails with every promise that the history breaks. */
export function assertKept(history: History, validators: readonly Validator[] = allValidators): void {
  const broken = validators
    .map((validator) => ({ validator, verdict: validator.validate(history) }))
    .filter(({ verdict }) => verdict.evidence.length > 0)
    .map(({ validator, verdict }) => brokenPromise(validator, verdict));
  if (broken.length > 0) assert.fail(broken.join('\n'));
}
