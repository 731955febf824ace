// Goal: the harness sees a server that breaks its promises. Method: real parts with a planted defect under random traffic,
// and defects planted in what was recorded of a server without; each must fail with its promise. SEED=… repeats a run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';
import { allDefects, mustFail } from './planted/all-defects.ts';
import { loseChanges, loseHistory, repeatHistory } from './planted/store-defects.ts';
import { type DisturbedSize, runDisturbed } from './workload/disturbed.ts';

const SIZE: DisturbedSize = { subscribers: 6, callers: 3, calls: 200, restarts: [] };
const PLANTED_MIN = 20;

describe('planted defects', () => {
  const seed = seedOfRun();

  it('NoSilentGap sees a store that does not tell one change in 100', async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const history = await runDisturbed(seed, { ...SIZE, store: { prepare: loseChanges } });
    mustFail(history, { breaks: 'NoSilentGap', what: 'changes are lost' });
  });

  it('Resumable sees a store that leaves out a change of the past', async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const history = await runDisturbed(seed, { ...SIZE, store: { prepare: loseHistory } });
    mustFail(history, { breaks: 'Resumable', what: 'changes of the past are lost' });
  });

  it('Resumable sees a store that begins too early in the past', async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const history = await runDisturbed(seed, { ...SIZE, store: { prepare: repeatHistory } });
    mustFail(history, { breaks: 'Resumable', what: 'changes of the past are told again' });
  });

  it('every validator sees its defects in what was recorded of a real server', async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const history = await runDisturbed(seed, SIZE);
    let planted = 0;
    for (const defect of allDefects) {
      const broken = defect.plant(history, new SeededRandom(seed));
      if (broken === undefined) continue;
      planted++;
      mustFail(broken, defect);
    }
    assert.ok(planted >= PLANTED_MIN, `only ${planted} of ${allDefects.length} defects found a place`);
  });
});
