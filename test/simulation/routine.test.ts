// Goal: what happens every day costs nothing: a replication id that changes without loss drops no entry and resets no
// stream. Method: the same simulation, with no other fault and with bounds that nothing reaches; SEED=… repeats a seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectKept } from './expect-kept.ts';
import { tellSeed } from './report.ts';
import { shapeNamed } from './shapes.ts';

test('routine changes cost nothing', (t) => expectKept(t, 'routine', 300));

test('a seed tells the same history every time, and writing it down changes nothing', () => {
  const shape = shapeNamed('spread 3');
  assert.equal(tellSeed(shape, 7), tellSeed(shape, 7));
  assert.notEqual(tellSeed(shape, 7), tellSeed(shape, 8));
});
