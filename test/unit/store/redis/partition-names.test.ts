// Goal: partitions lie evenly over the slots of a cluster, and no two things have one name. Method: known slots; every
// number of partitions; properties over keys that hold anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changedSlotOffset, changedSlots } from '../../../../src/store/redis/changed-slots.ts';
import { tagSlot } from '../../../../src/store/redis/key-slot.ts';
import { partitionKeys } from '../../../../src/store/redis/partition-keys.ts';
import { partitionTags } from '../../../../src/store/redis/partition-tags.ts';
import type { EntryRef, NamespaceId } from '../../../../src/store/store.ts';
import { checkProperty } from '../../../support/check-property.ts';

const ref = fc.record({
  namespaceId: fc.constantFrom('a', 'b', 'ab') as fc.Arbitrary<NamespaceId>,
  key: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', ':', '{', '}', '\0', '/') })),
});

/** All names of one entry's partition that depend on namespace or key. */
function namesOf({ namespaceId, key }: EntryRef): string[] {
  const names = partitionKeys('reprise:', '0');
  const { record, lease, index, watermarks, newestWatermark, watermarkOrder } = names;
  const ofNamespace = [index, watermarks, newestWatermark, watermarkOrder].map((name) => name(namespaceId));
  return [record({ namespaceId, key }), lease({ namespaceId, key }), ...ofNamespace];
}

test('slots are those of the cluster specification', () => {
  assert.equal(tagSlot('123456789'), 0x31c3);
  assert.equal(tagSlot(''), 0);
  assert.equal(tagSlot('é'), 10_180);
});

test('partition i has a slot in the i-th equal part of all slots, for every number of partitions', () => {
  for (let partitions = 1; partitions <= 1024; partitions *= 2) {
    const part = 16_384 / partitions;
    for (const [i, tag] of partitionTags(partitions).entries()) assert.equal(Math.floor(tagSlot(tag) / part), i, tag);
  }
  for (const partitions of [0, 3, 2048]) assert.throws(() => partitionTags(partitions), /power of two/);
});

test('tags stay what they are: what is stored lies under them', () => {
  assert.deepEqual(partitionTags(1), ['0']);
  const tags = partitionTags(256);
  assert.deepEqual([tags[0], tags[1], tags[100], tags[255]], ['cv', '14', '1y', 'fv']);
});

test('no two things have one name, whatever a key holds', () => {
  checkProperty(
    fc.property(ref, ref, (a, b) => {
      const [one, other] = [namesOf(a), namesOf(b)];
      assert.equal(new Set(one).size, one.length);
      const shared = one.filter((name) => other.includes(name));
      const sameNamespace = a.namespaceId === b.namespaceId;
      assert.equal(shared.length, (sameNamespace ? 4 : 0) + (sameNamespace && a.key === b.key ? 2 : 0));
    }),
  );
});

test('every name lies in the slot of its partition, whatever a key holds', () => {
  checkProperty(
    fc.property(ref, (entry) => {
      for (const name of namesOf(entry)) {
        const open = name.indexOf('{');
        assert.equal(name.slice(open + 1, name.indexOf('}', open)), '0');
      }
    }),
  );
});

test('scripts find the key in a record’s name by the length of the index’s and the watermarks’ names', () => {
  const { record, index, watermarks } = partitionKeys('p:', '0');
  const id = 'abc' as NamespaceId;
  for (const name of [index(id), watermarks(id)]) {
    assert.equal(record({ namespaceId: id, key: 'k:k' }).slice(name.length + 1), 'k:k');
  }
});

test('a prefix with braces and an id with a colon are bugs', () => {
  assert.throws(() => partitionKeys('a{b}', '0'), /braces/);
  assert.throws(() => partitionKeys('', '0').index('a:b' as NamespaceId), /colon/);
});

test('slots of keys stay what they are, and short keys spread over them', () => {
  const slots = changedSlots(1);
  const offset = (key: string) => changedSlotOffset({ namespaceId: 'n' as NamespaceId, key }, slots);
  assert.deepEqual(['', 'k', 'ü:1'].map(offset), [651_462, 270_444, 785_658]);
  const counts = new Set(Array.from({ length: 10_000 }, (_, i) => offset(`user:${i}`)));
  assert.ok(counts.size > 9_700, `${counts.size} slots for 10 000 keys; chance gives 9811`);
  assert.ok([...counts].every((at) => at % 6 === 0 && at < slots * 6));
  assert.equal(changedSlots(256), 4096);
});
