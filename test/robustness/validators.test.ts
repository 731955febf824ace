// Goal: each validator accepts what keeps its promise and sees what breaks it, telling the promise. Method: histories of a
// perfect server, made without one, and one defect at a time planted in them; SEED=… repeats a run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';
import type { History } from './history/history.ts';
import { allDefects, mustFail } from './planted/all-defects.ts';
import { idealHistory } from './planted/ideal-history.ts';
import { allValidators } from './validators/all-validators.ts';
import { assertKept } from './validators/assert-kept.ts';
import type { Validator } from './validators/validator.ts';

const HISTORIES = 40;
const LOOKED_AT = 4;
const PLANTS = 10;
const TRIES_MAX = 200;

describe('the validators of the stream', () => {
  const seed = seedOfRun();
  const made: History[] = [];
  const ideal = (run: number): History => {
    made[run] ??= idealHistory(seed + run);
    return made[run];
  };

  it('accept what a perfect server does', (t) => {
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < HISTORIES; run++) assertKept(ideal(run));
  });

  it('look at something', () => {
    const looks = ({ validate }: Validator): boolean =>
      Array.from({ length: LOOKED_AT }, (_, run) => ideal(run)).some((history) => validate(history).checked > 0);
    assert.deepEqual(
      allValidators.filter((validator) => !looks(validator)).map(({ name }) => name),
      [],
    );
  });

  it('are each tried with a defect', () => {
    const tried = new Set(allDefects.map(({ breaks }) => breaks));
    assert.deepEqual(
      allValidators.map(({ name }) => name).filter((name) => !tried.has(name)),
      [],
    );
  });

  for (const defect of allDefects) {
    it(`see that ${defect.what}: ${defect.breaks}`, (t) => {
      t.diagnostic(`SEED=${seed}`);
      let planted = 0;
      for (let run = 0; planted < PLANTS; run++) {
        assert.ok(run < TRIES_MAX, 'no place for the defect was found');
        const broken = defect.plant(ideal(run), new SeededRandom(seed + run));
        if (broken === undefined) continue;
        planted++;
        mustFail(broken, defect);
      }
    });
  }
});
