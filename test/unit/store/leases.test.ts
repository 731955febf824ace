// Goal: leases are bounded in number and time. Method: at the limit and one past it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import { Leases, type LeaseTerms } from '../../../src/store/memory/leases.ts';

const T0 = 1_800_000_000_000;
const stamp = { epoch: '00112233aabbccdd' as Epoch, number: 5 };

function termsFor(key: string, parts: Partial<LeaseTerms> = {}): LeaseTerms {
  return { key, holdMs: 1000, stamp, voidBelow: 0, ...parts };
}

function minting(): () => string {
  let count = 0;
  return () => `id-${++count}`;
}

describe('leases', () => {
  it('are granted up to the limit; beyond it the answer is held for a second', () => {
    const leases = new Leases(T0, 2);
    const mint = minting();
    for (const key of ['a', 'b']) assert.equal(leases.acquire(termsFor(key), T0, mint).kind, 'granted');
    assert.deepEqual(leases.acquire(termsFor('c'), T0, mint), { kind: 'held', remainingMs: 1000 });
    leases.validate();
  });

  it('are as many as the documented limit by default', () => {
    const leases = new Leases(T0);
    const mint = minting();
    for (let i = 0; i < limits.leasesPerNamespaceMax; i++) {
      assert.equal(leases.acquire(termsFor(`k${i}`), T0, mint).kind, 'granted');
    }
    assert.equal(leases.acquire(termsFor('one more'), T0, mint).kind, 'held');
    leases.validate();
  });

  it('make room in a full table when one ends, is released, or its time is over', () => {
    const leases = new Leases(T0, 1);
    const mint = minting();
    leases.acquire(termsFor('a'), T0, mint);
    leases.end('a');
    const b = leases.acquire(termsFor('b'), T0, mint);
    assert.ok(b.kind === 'granted' && leases.release('b', b.leaseId, T0));
    assert.equal(leases.acquire(termsFor('c'), T0, mint).kind, 'granted');
    assert.equal(leases.acquire(termsFor('d'), T0 + 999, mint).kind, 'held');
    assert.equal(leases.acquire(termsFor('d'), T0 + 1000, mint).kind, 'granted');
    leases.validate();
  });

  it('let a full table replace a void lease of the same key', () => {
    const leases = new Leases(T0, 1);
    const mint = minting();
    leases.acquire(termsFor('a'), T0, mint);
    const newer = { ...stamp, number: 9 };
    assert.equal(leases.acquire(termsFor('a', { stamp: newer, voidBelow: 9 }), T0, mint).kind, 'granted');
    leases.validate();
  });

  it('are dropped when their time is over, bounded by the work allowed', () => {
    const leases = new Leases(T0);
    const mint = minting();
    for (let i = 0; i < 10; i++) leases.acquire(termsFor(`k${i}`), T0, mint);
    assert.equal(leases.expireDue(T0 + 1000, 4), 4);
    assert.equal(leases.expireDue(T0 + 1000, 100), 6);
    leases.validate();
  });

  it('mint an id only for what is granted', () => {
    const leases = new Leases(T0);
    leases.acquire(termsFor('a'), T0, minting());
    leases.acquire(termsFor('a'), T0, () => assert.fail('minted for nothing'));
  });
});
