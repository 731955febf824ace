// Goal: the short way of encoding writes the same bytes as the plain one. Method: random outcomes through both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { getResponseOf, hitOf } from '../../src/api/cache-responses.ts';
import { encodeBatchGetResponse, encodeGetResponse } from '../../src/api/read-encoder.ts';
import type { GetOutcome } from '../../src/cache/get-entry.ts';
import { NO_POSITION } from '../../src/cache/revision.ts';
import type { Epoch } from '../../src/cache/rules/position.ts';
import { BatchGetResponse, GetResponse } from '../../src/gen/reprise/v1/cache_service.ts';
import { checkProperty } from '../support/check-property.ts';

type Hit = Extract<GetOutcome, { kind: 'hit' | 'not-modified' }>;

const text = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc.string({ unit: 'binary', minLength, maxLength });
const span = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 2_592_000_000 }),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
);
const value = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined });
/** Lengths around the points at which a varint gets another byte. */
const longValue = fc
  .constantFrom(0, 1, 60, 100, 127, 128, 129, 16_250, 16_383, 16_384, 70_000)
  .map((n) => new Uint8Array(n));

const hit: fc.Arbitrary<Hit> = fc
  .record({
    value: fc.oneof(value, longValue),
    contentType: text(150),
    tags: fc.array(text(128), { maxLength: 4 }),
    number: fc.maxSafeNat(),
    freshUntilMs: fc.integer({ min: 1, max: 4_000_000_000_000 }),
    freshForMs: span,
    keepForMs: span,
    lease: fc.option(fc.record({ id: text(60, 1), holdMs: fc.nat() }), { nil: undefined }),
    fallback: fc.constantFrom(undefined, undefined, 'stale' as const, 'local' as const),
  })
  .map(({ number, freshForMs, keepForMs, lease, fallback, freshUntilMs, ...content }) => {
    const position = fallback === 'local' ? NO_POSITION : { epoch: 'e'.repeat(16) as Epoch, number };
    const lifetime = { createdAtMs: 0, freshUntilMs, goneAtMs: freshUntilMs };
    const entry = { key: 'k', position, stamp: position, markedStale: false, ...lifetime, ...content };
    return { kind: 'hit', entry, freshUntilMs, freshForMs, keepForMs, lease, fallback };
  });

test('a hit is encoded as the generated code encodes it', () => {
  checkProperty(
    fc.property(hit, fc.boolean(), (outcome, withTags) => {
      const plain = Buffer.from(GetResponse.encode(getResponseOf(outcome, withTags)).finish());
      assert.deepEqual(encodeGetResponse(outcome, withTags), plain);
    }),
    2000,
  );
});

test('a batch of hits is encoded as the generated code encodes it', () => {
  const items = fc.array(fc.record({ key: text(60, 1), outcome: hit }), { minLength: 1, maxLength: 5 });
  checkProperty(
    fc.property(items, fc.boolean(), text(80), (batch, withTags, token) => {
      const results = batch.map(({ key, outcome }, index) => {
        return { index, key, result: { $case: 'hit', value: hitOf(outcome, withTags) } as const };
      });
      const plain = Buffer.from(BatchGetResponse.encode({ results, token }).finish());
      const answers = batch.map(({ key, outcome }) => ({ key, hit: outcome }));
      assert.deepEqual(encodeBatchGetResponse(answers, token, withTags), plain);
    }),
    2000,
  );
});

test('a message beyond what the writer keeps is whole, and so is the next', () => {
  const [sample] = fc.sample(hit, { numRuns: 1, seed: 1 });
  const withValue = (value: Buffer): Hit => ({ ...sample!, entry: { ...sample!.entry, value } });
  const large = withValue(Buffer.alloc(3_000_000, 7));
  for (const each of [large, withValue(Buffer.from('small')), large]) {
    const bytes = encodeGetResponse(each, true);
    assert.ok(bytes instanceof Buffer);
    assert.deepEqual(GetResponse.decode(bytes), getResponseOf(each, true));
  }
});
