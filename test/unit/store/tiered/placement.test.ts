// Goal: where a namespace and its keys are never changes, and load spreads evenly. Method: the tables of docs/stores.md
// against the code, and random ids and keys.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import xxhash from 'xxhash-wasm';
import type { NamespaceId } from '../../../../src/store/store.ts';
import { Placement } from '../../../../src/store/tiered/placement.ts';
import { checkProperty } from '../../../support/check-property.ts';

const { h64 } = await xxhash();
const stores = readFileSync(new URL('../../../../docs/stores.md', import.meta.url), 'utf8');

/** How many partitions there are, and how many a namespace lives on, as they are deployed. */
const SHAPES = [
  { partitions: 1, spread: 1 },
  { partitions: 4, spread: 4 },
  { partitions: 256, spread: 16 },
];

const anyId = fc
  .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 })
  .map((text) => text as NamespaceId);
const anyShape = fc.constantFrom(...SHAPES);

/** The cells of a row; those that a table does not have are never asked for. */
type Row = readonly [string, string, string, string, string, string];

/** Returns the rows of the table with this heading, their cells without the marks of code. */
function rowsOf(heading: string): readonly Row[] {
  const [, table] = stores.split(`\n${heading}\n| --- `);
  assert.ok(table !== undefined, `docs/stores.md has the table ${heading}`);
  const lines = table.slice(table.indexOf('\n') + 1, table.search(/\n\n|\n$/)).split('\n');
  return lines.map((line) => line.replaceAll('`', '').slice(2, -2).split(' | ') as unknown as Row);
}

function placementOf({ partitions, spread }: (typeof SHAPES)[number]): Placement {
  return new Placement(partitions, spread, h64);
}

test('the hash is the one that the documents say', () => {
  const rows = rowsOf('| text | xxh64 |');
  assert.ok(rows.length >= 4);
  for (const [text, hash] of rows) {
    assert.equal(h64(text.replace('␀', '\0')).toString(16).padStart(16, '0'), hash, text);
  }
});

test('namespaces and keys are where the documents say', () => {
  const rows = rowsOf('| partitions | spread | namespace id | control partition | key | partition of the key |');
  for (const [partitions, spread, id, control, key, partition] of rows) {
    const placement = new Placement(Number(partitions), Number(spread), h64);
    const namespaceId = id as NamespaceId;
    assert.equal(placement.partitionsOf(namespaceId)[0], Number(control), `${partitions} ${id}`);
    assert.equal(placement.partitionOf({ namespaceId, key }), Number(partition), `${partitions} ${id} ${key}`);
  }
  const shapes = new Set(rows.map(([partitions, spread]) => `${partitions}/${spread}`));
  assert.deepEqual(
    [...shapes],
    SHAPES.map(({ partitions, spread }) => `${partitions}/${spread}`),
  );
});

test('a namespace has as many partitions as it spreads over, each once, at equal steps', () => {
  checkProperty(
    fc.property(anyShape, anyId, (shape, id) => {
      const placed = placementOf(shape).partitionsOf(id);
      assert.equal(placed.length, shape.spread);
      assert.equal(new Set(placed).size, shape.spread);
      const step = shape.partitions / shape.spread;
      for (const [index, partition] of placed.entries()) {
        assert.equal(partition, (placed[0]! + index * step) % shape.partitions);
      }
    }),
  );
});

test('a key is on a partition of its namespace, the same whoever asks and whatever was asked before', () => {
  const key = fc.string({ minLength: 1, unit: 'grapheme' });
  checkProperty(
    fc.property(anyShape, anyId, key, key, (shape, namespaceId, first, second) => {
      const [one, other] = [placementOf(shape), placementOf(shape)];
      const partition = one.partitionOf({ namespaceId, key: first });
      assert.ok(one.partitionsOf(namespaceId).includes(partition));
      other.partitionOf({ namespaceId, key: second });
      assert.equal(other.partitionOf({ namespaceId, key: first }), partition);
      other.forget(namespaceId);
      assert.equal(other.partitionOf({ namespaceId, key: first }), partition);
    }),
  );
});

/** Fails unless what is counted is in each of `places` about equally often: within 5 standard deviations. */
function assertEven(placed: readonly number[], places: number): void {
  const counts = [...Map.groupBy(placed, (place) => place).values()].map(({ length }) => length);
  const mean = placed.length / places;
  const most = 5 * Math.sqrt(mean);
  assert.equal(counts.length, places);
  for (const count of counts) assert.ok(Math.abs(count - mean) < most, `${count} of ${mean} ± ${most}`);
}

test('every partition of a namespace is used about equally, and namespaces begin everywhere', () => {
  const placement = placementOf({ partitions: 256, spread: 16 });
  const namespaceId = '0123456789abcdef' as NamespaceId;
  const keys = Array.from({ length: 16_000 }, (_, index) => `user:${index}`);
  assertEven(
    keys.map((key) => placement.partitionOf({ namespaceId, key })),
    16,
  );
  const ids = Array.from({ length: 25_600 }, (_, index) => index.toString(16).padStart(16, '0') as NamespaceId);
  assertEven(
    ids.map((id) => placement.partitionsOf(id)[0]!),
    256,
  );
});

test('a spread that does not divide the partitions is refused', () => {
  assert.throws(() => new Placement(256, 15, h64), /does not divide/);
});
