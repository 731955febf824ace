// Goal: what a node acknowledged is remembered until it can't be lost any more, and asked for by partition. Method:
// acknowledgements and histories made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../../src/base/limits.ts';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import type { NamespaceId } from '../../../../src/store/store.ts';
import { AcknowledgedInvalidations, type Remembered } from '../../../../src/store/tiered/acknowledged-invalidations.ts';

const NAMESPACE = '0123456789abcdef' as NamespaceId;
const OLD = 'a'.repeat(16) as Epoch;
const NEW = 'b'.repeat(16) as Epoch;
const MEMORY_MS = 1000;

function tagged(tag: string, number: number, parts: Partial<Remembered> = {}): Remembered {
  const change = { namespaceId: NAMESPACE, selector: { kind: 'tag', tag }, mode: 'remove' } as const;
  const position = { epoch: OLD, number };
  return { acknowledgement: { kind: 'invalidation', change }, partition: 0, position, acknowledgedAtMs: 0, ...parts };
}

/** A history that shares everything up to `fork` with the old one, told at a time. */
function forkedAt(fork: number, sentAtMs: number) {
  return { chain: { epoch: NEW, ancestors: [{ epoch: OLD, fork }] }, sentAtMs };
}

test('what a fork lost is told until it is made again, the rest is forgotten in time', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  const [kept, lost] = [tagged('kept', 5), tagged('lost', 6)];
  acknowledged.remember(kept);
  acknowledged.remember(lost);
  assert.deepEqual(acknowledged.check(0, forkedAt(5, 1)), [lost]);
  assert.deepEqual(acknowledged.check(0, forkedAt(5, MEMORY_MS + 1)), [lost]);
  assert.equal(acknowledged.size, 1);
  acknowledged.remember(tagged('lost', 8, { position: { epoch: NEW, number: 8 }, acknowledgedAtMs: 2 }));
  assert.deepEqual(acknowledged.check(0, forkedAt(5, 3)), []);
  assert.deepEqual(acknowledged.check(0, forkedAt(5, MEMORY_MS + 3)), []);
  assert.equal(acknowledged.size, 0);
});

test('each partition is asked for its own', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  const [first, second] = [tagged('a', 6), tagged('b', 6, { partition: 7 })];
  acknowledged.remember(first);
  acknowledged.remember(second);
  assert.deepEqual(acknowledged.check(0, forkedAt(5, 1)), [first]);
  assert.deepEqual(acknowledged.check(7, forkedAt(5, 1)), [second]);
  assert.deepEqual(acknowledged.check(1, forkedAt(5, 1)), []);
  assert.deepEqual(acknowledged.check(7, forkedAt(6, MEMORY_MS + 1)), []);
  assert.equal(acknowledged.size, 1);
});

test('of several that cover the same the newest stands for all; at the limit the oldest is forgotten', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  for (let i = 0; i < 3; i++) acknowledged.remember(tagged('t', 6 + i));
  assert.deepEqual(
    acknowledged.check(0, forkedAt(5, 1)).map(({ position }) => position.number),
    [8],
  );
  for (let i = 1; i < limits.acknowledgedInvalidationsMax; i++) acknowledged.remember(tagged(`t${i}`, 9));
  assert.equal(acknowledged.size, limits.acknowledgedInvalidationsMax);
  assert.equal(acknowledged.check(0, forkedAt(5, 1))[0]!.position.number, 8);
  acknowledged.remember(tagged('one too many', 9));
  assert.equal(acknowledged.size, limits.acknowledgedInvalidationsMax);
  assert.equal(acknowledged.check(0, forkedAt(5, 1))[0]!.position.number, 9);
});
