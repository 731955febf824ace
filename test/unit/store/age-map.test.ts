// Goal: a map that knows its oldest key. Method: against an array in order of setting.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgeMap } from '../../../src/base/age-map.ts';
import { SeededRandom, seedOfRun } from '../../support/seeded-random.ts';

describe('age map', () => {
  it('agrees with an array in order of setting', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = new SeededRandom(seed);
    const map = new AgeMap<number>();
    let model: [string, number][] = [];
    for (let step = 0; step < 5000; step++) {
      const key = `k${random.below(20)}`;
      model = model.filter(([other]) => other !== key);
      if (random.chance(0.6)) {
        map.set(key, step);
        model.push([key, step]);
      } else {
        map.delete(key);
      }
      map.validate();
      assert.equal(map.size, model.length);
      assert.equal(map.oldest()?.key, model[0]?.[0]);
      assert.equal(map.oldest()?.value, model[0]?.[1]);
      for (const [other, value] of model) assert.equal(map.get(other), value);
      assert.equal(map.get('never set'), undefined);
    }
  });

  it('lists its keys by age, replaces values in place, and can be emptied', () => {
    const map = new AgeMap<number>();
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ] as const) {
      map.set(key, value);
    }
    map.replaceAll((value) => Math.min(value, 3));
    assert.deepEqual(
      map.entries().map(({ key, value }) => [key, value]),
      [
        ['b', 2],
        ['c', 3],
        ['a', 3],
      ],
    );
    map.clear();
    map.validate();
    assert.deepEqual([map.size, map.oldest(), map.entries()], [0, undefined, []]);
  });
});
