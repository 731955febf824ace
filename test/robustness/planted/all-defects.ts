import assert from 'node:assert/strict';
import type { History } from '../history/history.ts';
import { allValidators } from '../validators/all-validators.ts';
import { assertKept } from '../validators/assert-kept.ts';
import { answerDefects } from './answer-defects.ts';
import { contentDefects } from './content-defects.ts';
import type { Defect } from './defect.ts';
import { gapDefects } from './gap-defects.ts';
import { resumeDefects } from './resume-defects.ts';
import { streamDefects } from './stream-defects.ts';

/** Every defect that is planted. */
export const allDefects: readonly Defect[] = [
  ...gapDefects,
  ...resumeDefects,
  ...contentDefects,
  ...streamDefects,
  ...answerDefects,
];

/** Fails unless the validator sees the defect and its failure begins with the promise. */
export function mustFail(broken: History, { breaks, what }: Pick<Defect, 'breaks' | 'what'>): void {
  const validator = allValidators.find(({ name }) => name === breaks);
  assert.ok(validator !== undefined, `there is no validator ${breaks}`);
  const judge = (): void => assertKept(broken, [validator]);
  const tellsThePromise = (error: Error): boolean => error.message.startsWith(`${breaks}: ${validator.promise}\n  `);
  assert.throws(judge, tellsThePromise, `${breaks} does not see that ${what}`);
}
