// Goal: the simulation finds what it is there to find. Method: one safeguard removed at a time, by a broken function in
// the place of a rule; each must break one of its promises within few seeds.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allDefects } from './defects/all-defects.ts';
import { seedsToCatch } from './run-seeds.ts';
import { shapeNamed } from './shapes.ts';

describe('the simulation finds', () => {
  it('at least 16 planted defects', () => assert.ok(allDefects.length >= 16, `${allDefects.length}`));

  for (const defect of allDefects) {
    it(`that ${defect.what}`, (t) => {
      const seeds = seedsToCatch(defect, shapeNamed(defect.shape));
      assert.ok(seeds !== undefined, `not within ${defect.seedsMax} seeds`);
      t.diagnostic(`after ${seeds} seeds`);
    });
  }
});
