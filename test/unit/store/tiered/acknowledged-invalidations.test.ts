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

function removed(key: string, number: number): Remembered {
  const change = { namespaceId: NAMESPACE, key, cause: 'invalidated' } as const;
  return { ...tagged('', number), acknowledgement: { kind: 'removal', change } };
}

/** Returns the numbers of what was lost. */
function numbers(lost: readonly Remembered[]): number[] {
  return lost.map(({ position }) => position.number);
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

test('until a heartbeat that was sent later finds it, nothing is told of what was acknowledged', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  acknowledged.remember(tagged('t', 6, { acknowledgedAtMs: 100 }));
  assert.deepEqual(acknowledged.check(0, forkedAt(5, 100)), []);
  assert.deepEqual(numbers(acknowledged.check(0, forkedAt(5, 101))), [6]);
});

test('what covers something else is remembered beside it: another selector, mode, key or namespace', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  const selectors = [
    { kind: 'tag', tag: 'x' },
    { kind: 'prefix', prefix: 'x' },
    { kind: 'key', key: 'x' },
    { kind: 'namespace' },
  ] as const;
  for (const selector of selectors) {
    for (const mode of ['remove', 'mark-stale'] as const) {
      const change = { namespaceId: NAMESPACE, selector, mode };
      acknowledged.remember({ ...tagged('', 6), acknowledgement: { kind: 'invalidation', change } });
    }
  }
  acknowledged.remember(removed('x', 6));
  acknowledged.remember(removed('y', 6));
  const change = { namespaceId: 'fedcba9876543210' as NamespaceId, key: 'x', cause: 'invalidated' } as const;
  acknowledged.remember({ ...tagged('', 6), acknowledgement: { kind: 'removal', change } });
  assert.equal(acknowledged.size, 11);
  acknowledged.remember(removed('x', 7));
  assert.deepEqual(numbers(acknowledged.check(0, forkedAt(6, 1))), [7]);
});

test('an author and a request id make no difference to what is covered', () => {
  const acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  const { change } = removed('x', 6).acknowledgement;
  const author = { actor: 'a', origin: 'o', traceparent: '' };
  for (const requestId of ['1', '2']) {
    const made = { ...change, key: 'x', cause: 'invalidated', author, once: { requestId } } as const;
    acknowledged.remember({ ...removed('x', 6), acknowledgement: { kind: 'removal', change: made } });
  }
  assert.equal(acknowledged.size, 1);
});

test(`it is remembered for ${limits.acknowledgedAgeMsMin} ms, and forgotten one later`, () => {
  const acknowledged = new AcknowledgedInvalidations();
  acknowledged.remember(tagged('t', 5));
  acknowledged.check(0, forkedAt(5, limits.acknowledgedAgeMsMin));
  assert.equal(acknowledged.size, 1);
  acknowledged.check(0, forkedAt(5, limits.acknowledgedAgeMsMin + 1));
  assert.equal(acknowledged.size, 0);
});

test('time alone forgets nothing: what was lost is told for as long as it takes', () => {
  const acknowledged = new AcknowledgedInvalidations();
  acknowledged.remember(tagged('t', 6));
  assert.deepEqual(numbers(acknowledged.check(0, forkedAt(5, 1000 * limits.acknowledgedAgeMsMin))), [6]);
});
