import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { brokenWords, summaryWords, unmet } from './report.ts';
import { runSeeds } from './run-seeds.ts';
import { shapeNamed } from './shapes.ts';

/** Runs a shape and fails if a promise was broken, or if something interesting never happened. SEED=… runs one seed. */
export function expectKept(t: TestContext, name: string, seeds: number): void {
  const asked = process.env['SEED'];
  const summary = runSeeds(shapeNamed(name), Number(asked ?? 1), asked === undefined ? seeds : 1);
  t.diagnostic(summaryWords(summary));
  assert.equal(summary.broken, undefined, brokenWords(summary));
  if (asked === undefined) assert.deepEqual(unmet(summary), [], 'never happened, so nothing was shown about it');
}
