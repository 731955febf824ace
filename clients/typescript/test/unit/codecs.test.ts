import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { copyBytes } from '../../src/base/copy-bytes.ts';
import { codecSet } from '../../src/codecs/codec-set.ts';
import { jsonCodec } from '../../src/codecs/json.ts';
import { msgpackCodec } from '../../src/codecs/msgpack.ts';
import { rawCodec } from '../../src/codecs/raw.ts';
import { CodecError } from '../../src/errors.ts';

// Codecs: what goes in comes out, and what would come out as something else is refused.

const codecs = codecSet(jsonCodec, [], false);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('any JSON comes back, and has no spaces', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      assert.deepEqual(codecs.decode(codecs.encode(value)), plain);
    }),
  );
  assert.equal(text(codecs.encode({ a: [1, 'ü'], b: null }).bytes), '{"a":[1,"ü"],"b":null}');
  assert.equal(text(codecs.encode({ a: undefined, d: new Date(0) }).bytes), '{"d":"1970-01-01T00:00:00.000Z"}');
});

test('what is no JSON is refused', () => {
  class Point {
    x = 1;
  }
  const bad = [
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    Symbol('s'),
    () => 1,
    new Map(),
    new Point(),
    Buffer.of(1),
  ];
  for (const value of bad) {
    assert.throws(() => codecs.encode(value), CodecError);
    assert.throws(() => codecs.encode([value]), CodecError);
    if (value !== undefined) assert.throws(() => codecs.encode({ a: value }), CodecError);
  }
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;
  assert.throws(() => codecs.encode(loop), CodecError);
});

test('bytes that are not what their content type says are refused', () => {
  const contentType = 'application/json';
  assert.throws(() => codecs.decode({ bytes: Buffer.from('{'), contentType }), CodecError);
  assert.throws(() => codecs.decode({ bytes: Uint8Array.of(0x22, 0xff, 0x22), contentType }), CodecError);
  assert.throws(() => codecs.decode({ bytes: new Uint8Array(), contentType }), CodecError);
  assert.throws(() => codecs.decode({ bytes: Uint8Array.of(0xc1), contentType: 'application/msgpack' }), CodecError);
});

test('MessagePack keeps bytes, dates and large numbers, and refuses what it would change', () => {
  const packed = codecSet(msgpackCodec, [], false);
  const value = { a: [1, -1, 2 ** 40, 1.5, Number.NaN], at: new Date(1234), bytes: Uint8Array.of(1), none: null };
  assert.deepEqual(packed.decode(packed.encode(value)), value);
  const uint64 = Uint8Array.of(0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  assert.equal(packed.decode({ bytes: uint64, contentType: 'application/msgpack' }), 2n ** 64n - 1n);
  for (const bad of [undefined, 1n, new Map(), [() => 1], { a: new Set() }])
    assert.throws(() => packed.encode(bad), CodecError);
});

test('raw takes bytes alone; a codec of the application is asked for its own content type', () => {
  assert.throws(() => codecs.encode('text', rawCodec), CodecError);
  const upper = {
    contentType: 'text/upper',
    encode: (value: unknown) => Buffer.from(String(value).toUpperCase()),
    decode: text,
  };
  const own = codecSet(jsonCodec, [upper], false);
  assert.equal(own.decode(own.encode('abc', upper)), 'ABC');
  assert.throws(() => codecs.decode(own.encode('abc', upper)), CodecError);
  assert.deepEqual(codecs.decode(own.encode('abc', upper), true), new Uint8Array(Buffer.from('ABC')));
});

test('a copy is never a part of what it copies, nor of another copy', () => {
  const sizes = fc.array(fc.nat({ max: 5000 }), { maxLength: 200 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const originals = lengths.map((length, i) => new Uint8Array(length).fill(i));
      const copies = originals.map(copyBytes);
      for (const copy of copies) assert.equal(copy.byteOffset % 8, 0);
      // Each is written to from its first byte to its last, after all were made.
      for (const [i, copy] of copies.entries()) copy.fill(255 - i);
      for (const [i, copy] of copies.entries()) assert.ok(copy.every((byte) => byte === 255 - i));
      for (const [i, original] of originals.entries()) assert.ok(original.every((byte) => byte === i));
    }),
    { numRuns: 20 },
  );
});

test('a decoded copy shares no memory with the bytes, unless its codec says that it never does', () => {
  const given: Uint8Array[] = [];
  const view = {
    contentType: 'x/view',
    encode: (value: unknown) => value as Uint8Array,
    decode: (bytes: Uint8Array) => {
      given.push(bytes);
      return bytes;
    },
  };
  const both = codecSet(jsonCodec, [view, { ...view, contentType: 'x/apart', detaches: true }], true);
  const bytes = Uint8Array.of(1, 2, 3);
  for (const contentType of ['x/view', 'x/apart', 'x/unknown']) {
    const value = both.decodeCopy({ bytes, contentType });
    assert.deepEqual(value, bytes);
    assert.equal(value === bytes, contentType === 'x/apart');
  }
  assert.equal(both.decode({ bytes, contentType: 'x/view' }), bytes);
  assert.equal(given.length, 3);
  assert.throws(() => both.decodeCopy({ bytes, contentType: 'x/unknown' }, false), CodecError);
});
