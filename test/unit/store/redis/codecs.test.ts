// Goal: what is packed for Redis is read as it was. Method: properties over changes, contents and positions; bytes that
// are none of them are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leaseIdOf } from '../../../../src/cache/rules/lease.ts';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import type { Selector } from '../../../../src/cache/rules/selector.ts';
import { type ChangeFacts, packChange, readChange } from '../../../../src/store/redis/change-codec.ts';
import { packGuard, packLeaseId } from '../../../../src/store/redis/guard-codec.ts';
import { packPosition, readPosition } from '../../../../src/store/redis/position-codec.ts';
import { packContent, readRecord } from '../../../../src/store/redis/record-codec.ts';
import { packReleased, readRing } from '../../../../src/store/redis/ring-codec.ts';
import { packSelector, readSelector, selectorsCovering } from '../../../../src/store/redis/selector-codec.ts';
import { packTexts } from '../../../../src/store/redis/texts-codec.ts';
import type { NamespaceId } from '../../../../src/store/store.ts';
import { checkProperty } from '../../../support/check-property.ts';

// Records with the prototype that literals have, so that deepEqual compares only what they hold.
function plain<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const text = fc.string({ unit: 'grapheme' });
const tags = fc.uniqueArray(text, { maxLength: 16 });
const number = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const epoch = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 });
const position = plain({ epoch: epoch as fc.Arbitrary<Epoch>, number });
const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant({ kind: 'namespace' } as const),
  plain({ kind: fc.constant('prefix' as const), prefix: text }),
  plain({ kind: fc.constant('tag' as const), tag: text }),
  plain({ kind: fc.constant('key' as const), key: text }),
);
const author = fc.option(plain({ actor: text, origin: text, traceparent: text }), { nil: undefined });
const place = { namespaceId: text as fc.Arbitrary<NamespaceId>, author };
const facts: fc.Arbitrary<ChangeFacts> = fc.oneof(
  plain({ ...place, kind: fc.constant('set' as const), key: text, tags }),
  plain({ ...place, kind: fc.constantFrom('touch' as const, 'delete' as const), key: text }),
  plain({
    ...place,
    kind: fc.constant('invalidate' as const),
    selector,
    mode: fc.constantFrom('remove' as const, 'mark-stale' as const),
    tags,
  }),
);

test('a position is read as it was packed', () => {
  checkProperty(fc.property(position, (some) => assert.deepEqual(readPosition(packPosition(some), 0), some)));
});

test('a selector is read as it was packed, and no two are packed alike', () => {
  checkProperty(
    fc.property(selector, selector, (a, b) => {
      assert.deepEqual(readSelector(packSelector(a)), a);
      assert.equal(packSelector(a) === packSelector(b), JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  assert.throws(() => readSelector('x'), RangeError);
});

test('a change is read as it was packed, with the tags that the entry had behind its own', () => {
  checkProperty(
    fc.property(facts, position, fc.option(tags, { nil: undefined }), (some, at, before) => {
      const old = before === undefined ? Buffer.alloc(0) : packTexts(['text/plain', ...before]);
      const change = readChange(Buffer.concat([packPosition(at), packChange(some), old]), 3);
      const own = 'tags' in some ? some.tags : [];
      const expected = [...own, ...(before ?? []).filter((tag) => !own.includes(tag))];
      assert.deepEqual(change, { ...some, partition: 3, position: at, tags: expected });
    }),
  );
});

test('bytes that are no change are refused', () => {
  checkProperty(
    fc.property(facts, position, fc.nat(), (some, at, cut) => {
      const bytes = Buffer.concat([packPosition(at), packChange(some)]);
      assert.throws(() => readChange(bytes.subarray(0, cut % bytes.length), 0), RangeError);
    }),
  );
});

test('content is read as it was packed: a negative entry, an empty one and any value', () => {
  const value = fc.option(fc.uint8Array(), { nil: undefined });
  checkProperty(
    fc.property(value, text, tags, position, position, number, (bytes, contentType, own, at, stamp, createdAtMs) => {
      const some = { value: bytes, contentType, tags: own };
      const gone = Math.min(createdAtMs + 10, 2 ** 48 - 1);
      const time = (ms: number): Buffer => packPosition({ epoch: '0'.repeat(16) as Epoch, number: ms }).subarray(0, 6);
      const header = Buffer.concat([
        Buffer.from(bytes === undefined ? 'ns' : 'es'),
        time(gone),
        packPosition(at),
        packPosition(stamp),
        time(createdAtMs),
        time(createdAtMs),
      ]);
      const { entry } = readRecord('k', Buffer.concat([header, packContent(some)]), gone - 1);
      assert.deepEqual(entry?.value === undefined ? undefined : new Uint8Array(entry.value), bytes);
      assert.deepEqual([entry?.contentType, entry?.tags, entry?.position], [contentType, own, at]);
      assert.deepEqual([entry?.stamp, entry?.goneAtMs, entry?.markedStale], [stamp, gone, true]);
      assert.equal(readRecord('k', Buffer.concat([header, packContent(some)]), gone).absence, 'expired');
    }),
  );
});

test('all selectors that cover an entry are looked up', () => {
  const found = selectorsCovering({ key: 'a:b/c', tags: ['t', 'u'] });
  assert.deepEqual(found, ['n', 'ka:b/c', 'pa:', 'pa:b/', 'tt', 'tu']);
});

test('a lease id is packed as its count and epoch; what is none becomes one that no lease has', () => {
  const epochs = 'ab'.repeat(8) as Epoch;
  assert.deepEqual(packLeaseId(leaseIdOf(epochs, 7)), packPosition({ epoch: epochs, number: 7 }));
  const none = ['', '7', `${epochs}.07`, `${epochs}.-7`, `${epochs}.7 `, `${epochs}.1e3`, `${'AB'.repeat(8)}.7`];
  for (const id of [...none, `${epochs}.${2 ** 48}`, `${epochs}.7\n`]) {
    assert.deepEqual(packLeaseId(id), Buffer.alloc(14), id);
  }
});

test('guards of different kinds are packed differently', () => {
  const at = { epoch: 'ab'.repeat(8) as Epoch, number: 1 };
  const guards = [
    packGuard({ kind: 'none' }, 9),
    packGuard({ kind: 'unchanged', position: undefined }, 9),
    packGuard({ kind: 'unchanged', position: at }, 9),
    packGuard({ kind: 'lease', leaseId: leaseIdOf(at.epoch, 1) }, 9),
    packGuard({ kind: 'fence', fence: { head: at, givenAtMs: 5 } }, 9),
  ];
  assert.equal(new Set(guards.map((guard) => guard.toString('hex'))).size, guards.length);
});

test('a lease that was given back rings as that, a change as a change, and anything else as foreign', () => {
  const key = text;
  const namespaceId = text as fc.Arbitrary<NamespaceId>;
  checkProperty(
    fc.property(plain({ namespaceId, key }), (ref) => {
      assert.deepEqual(readRing(packReleased(ref), 3), { kind: 'released', ref });
    }),
  );
  const change = Buffer.concat([packPosition({ epoch: '0123456789abcdef' as Epoch, number: 7 }), Buffer.of(5)]);
  const ring = readRing(change, 3);
  assert.ok(ring.kind === 'changed' && ring.change.kind === 'epoch' && ring.change.position.number === 7);
  for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), change.subarray(0, 14)]) {
    assert.deepEqual(readRing(bytes, 3), { kind: 'foreign' });
  }
});
