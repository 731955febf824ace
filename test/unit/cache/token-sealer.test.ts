// Goal: a token opens where it was made and nowhere else. Method: seal, open, tamper.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { systemRandom } from '../../../src/base/random.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import type { TokenContent } from '../../../src/cache/rules/token.ts';
import { TokenSealer } from '../../../src/cache/token-sealer.ts';
import { checkProperty } from '../../support/check-property.ts';

const secret = Buffer.alloc(32, 7);
const content: TokenContent = {
  namespaceId: '0123456789abcdef',
  givenAtMs: 1_800_000_000_000,
  positions: [
    { partition: 0, position: { epoch: 'fedcba9876543210' as Epoch, number: 1 } },
    { partition: 255, position: { epoch: '0000000000000000' as Epoch, number: 2 ** 47 } },
  ],
};

test('a token says what was sealed', () => {
  const sealer = new TokenSealer(secret, 'deployment', systemRandom);
  assert.deepEqual(sealer.open(sealer.seal(content)), content);
});

test('a moment that was just sealed is not sealed again; a later one, or another, is', () => {
  const sealer = new TokenSealer(secret, 'deployment', systemRandom);
  const one = { ...content, positions: content.positions.slice(0, 1) };
  const token = sealer.seal(one);
  assert.equal(sealer.seal({ ...one, givenAtMs: one.givenAtMs + 999 }), token);
  const later = { ...one, givenAtMs: one.givenAtMs + 1000 };
  assert.deepEqual(sealer.open(sealer.seal(later)), later);
  assert.notEqual(sealer.seal({ ...one, namespaceId: 'ffffffffffffffff' }), token);
  assert.notEqual(sealer.seal({ ...one, positions: content.positions.slice(1) }), token);
  const both = sealer.seal(content);
  assert.notEqual(both, token);
  assert.equal(sealer.seal({ ...content, positions: [...content.positions] }), both);
  assert.notEqual(sealer.seal({ ...content, positions: content.positions.toReversed() }), both);
});

test('another process with the same secret and deployment opens it', () => {
  const token = new TokenSealer(secret, 'deployment', systemRandom).seal(content);
  assert.deepEqual(new TokenSealer(secret, 'deployment', systemRandom).open(token), content);
});

test('another deployment, or another secret, does not open it', () => {
  const token = new TokenSealer(secret, 'deployment', systemRandom).seal(content);
  assert.equal(new TokenSealer(secret, 'other', systemRandom).open(token), undefined);
  assert.equal(new TokenSealer(Buffer.alloc(32, 8), 'deployment', systemRandom).open(token), undefined);
});

test('no byte of a token can be changed, added or cut', () => {
  const sealer = new TokenSealer(secret, 'deployment', systemRandom);
  const bytes = Buffer.from(sealer.seal(content), 'base64url');
  const place = fc.integer({ min: 0, max: bytes.length - 1 });
  checkProperty(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ flip;
      assert.equal(sealer.open(changed.toString('base64url')), undefined);
      assert.equal(sealer.open(bytes.subarray(0, at).toString('base64url')), undefined);
      assert.equal(sealer.open(Buffer.concat([bytes, Buffer.of(flip)]).toString('base64url')), undefined);
    }),
  );
});

test('any text is opened without a throw', () => {
  const sealer = new TokenSealer(secret, 'deployment', systemRandom);
  checkProperty(fc.property(fc.string({ maxLength: 300 }), (text) => assert.equal(sealer.open(text), undefined)));
});
