// Goal: failures in crowds are told now and then, with how many were not. Method: a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seldom } from '../../../src/telemetry/seldom.ts';
import { ManualClock } from '../../support/manual-clock.ts';

test('the first is told at once, then one in an interval, with the number of those in between', () => {
  const clock = new ManualClock();
  const told: [string, number][] = [];
  const tell = seldom<string>(clock, 1000, (what, suppressed) => told.push([what, suppressed]));
  for (const what of ['a', 'b', 'c']) tell(what);
  clock.advance(999);
  tell('d');
  clock.advance(1);
  tell('e');
  clock.advance(5000);
  tell('f');
  assert.deepEqual(told, [
    ['a', 0],
    ['e', 3],
    ['f', 0],
  ]);
});
