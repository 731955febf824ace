// Goal: each validator of fleets accepts what keeps its promise and sees what breaks it, telling the promise. Method:
// histories of a perfect fleet, made without one, and one defect at a time planted in them; SEED=… repeats a run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom, seedOfRun } from '../../support/seeded-random.ts';
import type { FleetHistory } from './history/fleet-history.ts';
import { Truth } from './history/truth.ts';
import { plantedFleets } from './planted/code-defects.ts';
import { allFleetDefects } from './planted/fleet-defects.ts';
import { idealFleet } from './planted/ideal-fleet.ts';
import { allFleetValidators } from './validators/all-fleet-validators.ts';
import { assertFleetKept } from './validators/assert-fleet-kept.ts';

const HISTORIES = 20;
const PLANTS = 5;
const TRIES_MAX = 100;

describe('the validators of fleets', () => {
  const seed = seedOfRun();
  const made = new Map<number, FleetHistory>();
  const ideal = (run: number): FleetHistory => {
    const history = made.get(run) ?? idealFleet(seed + run);
    made.set(run, history);
    return history;
  };

  it('accept what a perfect fleet does', (t) => {
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < HISTORIES; run++) assertFleetKept(ideal(run));
  });

  it('look at something', () => {
    const blind = allFleetValidators.filter(({ validate }) => validate(new Truth(ideal(0))).checked === 0);
    assert.deepEqual(
      blind.map(({ name }) => name),
      [],
    );
  });

  it('are each tried with a defect', () => {
    const tried = new Set(
      [
        ...allFleetDefects,
        ...Object.values(plantedFleets).flatMap<{ readonly breaks: string }>(({ defects }) => defects),
      ].map(({ breaks }) => breaks),
    );
    assert.deepEqual(
      allFleetValidators.map(({ name }) => name).filter((name) => !tried.has(name)),
      [],
    );
  });

  for (const defect of allFleetDefects) {
    it(`see that ${defect.what}: ${defect.breaks}`, (t) => {
      t.diagnostic(`SEED=${seed}`);
      const validator = allFleetValidators.find(({ name }) => name === defect.breaks)!;
      let planted = 0;
      for (let run = 0; planted < PLANTS; run++) {
        assert.ok(run < TRIES_MAX, 'no place for the defect was found');
        const broken = defect.plant(ideal(run), new SeededRandom(seed + run));
        if (broken === undefined) continue;
        planted++;
        const tellsThePromise = ({ message }: Error): boolean =>
          message.startsWith(`${validator.name}: ${validator.promise}\n  `);
        assert.throws(() => assertFleetKept(broken, [validator]), tellsThePromise);
      }
    });
  }
});
