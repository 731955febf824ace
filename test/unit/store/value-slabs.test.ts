// Goal: values are kept byte for byte in little more room than they take. Method: random use against a Map of copies.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ValueSlabs } from '../../../src/store/memory/value-slabs.ts';
import { SeededRandom, seedOfRun } from '../../support/seeded-random.ts';

function makeSlabs(): { slabs: ValueSlabs; values: Map<number, Uint8Array> } {
  const values = new Map<number, Uint8Array>();
  const slabs: ValueSlabs = new ValueSlabs((slot) => values.set(slot, slabs.keep(slot, values.get(slot)!)));
  return { slabs, values };
}

function bytes(length: number, fill: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

describe('value slabs', () => {
  it('keep copies: what the caller does to its buffer afterwards changes nothing', () => {
    const { slabs } = makeSlabs();
    for (const length of [10, 1024, 1025]) {
      const passed = Buffer.alloc(length, 7);
      const kept = slabs.keep(0, passed);
      passed.fill(0);
      assert.deepEqual(kept, bytes(length, 7));
    }
  });

  it('keep values of up to 1024 bytes together, larger ones apart, and empty ones nowhere', () => {
    const { slabs } = makeSlabs();
    const sharedBytes = slabs.keep(0, bytes(1, 1)).buffer.byteLength;
    assert.equal(slabs.keep(1, bytes(1024, 1)).buffer.byteLength, sharedBytes);
    assert.equal(slabs.keep(2, bytes(1025, 1)).buffer.byteLength, 1025);
    assert.equal(slabs.keep(3, bytes(0, 1)).buffer.byteLength, 0);
  });

  it('leave unharmed what somebody still reads after it was released or moved', () => {
    const { slabs, values } = makeSlabs();
    const read = Array.from({ length: 64 }, (_, slot) => slabs.keep(slot, bytes(500, slot)));
    for (const [slot, value] of read.entries()) values.set(slot, value);
    for (let slot = 0; slot < 64; slot++) {
      if (slot % 5 === 0) continue;
      slabs.release(slot, 500);
      values.delete(slot);
    }
    for (let slot = 64; slot < 128; slot++) values.set(slot, slabs.keep(slot, bytes(500, 255)));
    for (const [slot, value] of read.entries()) assert.deepEqual(value, bytes(500, slot));
    slabs.validate((slot) => values.get(slot));
  });

  it('take at most about twice the bytes of their values over random use', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = new SeededRandom(seed);
    const { slabs, values } = makeSlabs();
    const expected = new Map<number, Uint8Array>();
    const release = (slot: number): void => {
      const value = values.get(slot);
      values.delete(slot);
      expected.delete(slot);
      if (value !== undefined) slabs.release(slot, value.byteLength);
    };
    for (let step = 0; step < 20_000; step++) {
      const slot = random.below(300);
      release(slot);
      if (random.chance(0.6)) {
        const value = bytes(random.below(random.chance(0.1) ? 1500 : 200), step & 255);
        expected.set(slot, value);
        values.set(slot, slabs.keep(slot, value));
      }
      if (step % 500 === 0) checkSpace(slabs, values, expected);
    }
  });
});

function checkSpace(slabs: ValueSlabs, values: Map<number, Uint8Array>, expected: Map<number, Uint8Array>): void {
  slabs.validate((slot) => values.get(slot));
  assert.deepEqual(values, expected);
  const buffers = new Set([...values.values()].map((value) => value.buffer));
  const heldBytes = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const valueBytes = [...values.values()].reduce((sum, value) => sum + value.byteLength, 0);
  assert.ok(heldBytes <= 2 * valueBytes + 2 * 8192, `${heldBytes} B for ${valueBytes} B`);
}
