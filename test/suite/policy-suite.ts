import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EvictionPolicy, NO_SLOT, type PolicyFactory } from '../../src/policy/eviction-policy.ts';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';

const SLOTS = 64;
const STEPS = 20_000;

/** A model of a policy that is too simple to be wrong. */
export interface PolicyModel {
  onInsert(slot: number): void;
  onHit(slot: number): void;
  onRemove(slot: number): void;
  victim(): number;
}

/** Empties a policy by its own victims, and returns them in order. */
function drain(policy: EvictionPolicy): number[] {
  const victims: number[] = [];
  for (let slot = policy.victim(); slot !== NO_SLOT; slot = policy.victim()) {
    policy.onRemove(slot);
    victims.push(slot);
  }
  return victims;
}

function randomRun(policy: EvictionPolicy, random: SeededRandom, check: (held: Set<number>) => void): void {
  const held = new Set<number>();
  for (let step = 0; step < STEPS; step++) {
    const slot = random.below(SLOTS);
    if (!held.has(slot)) {
      policy.onInsert(slot);
      held.add(slot);
    } else if (random.chance(0.6)) {
      policy.onHit(slot);
    } else {
      const leaves = random.chance(0.5) ? policy.victim() : slot;
      policy.onRemove(leaves);
      held.delete(leaves);
    }
    check(held);
  }
}

/** The laws that every eviction policy obeys; see `EvictionPolicy`. `model` adds the order a policy promises. */
export function policySuite(name: string, make: PolicyFactory, model?: () => PolicyModel): void {
  describe(`policy: ${name}`, () => {
    it('holds nothing at first', () => {
      const policy = make(SLOTS);
      assert.equal(policy.size, 0);
      assert.equal(policy.victim(), NO_SLOT);
      policy.validate();
    });

    it('conserves slots over random use: holds what was inserted and not removed, proposes only that', (t) => {
      const seed = seedOfRun();
      t.diagnostic(`SEED=${seed}`);
      const policy = make(SLOTS);
      let last = new Set<number>();
      randomRun(policy, new SeededRandom(seed), (held) => {
        last = held;
        assert.equal(policy.size, held.size);
        assert.equal(policy.victim() === NO_SLOT, held.size === 0);
        assert.ok(held.size === 0 || held.has(policy.victim()));
        policy.validate();
      });
      assert.deepEqual(new Set(drain(policy)), last);
      assert.equal(policy.size, 0);
    });

    it('proposes each held slot once until nothing is held', () => {
      const policy = make(SLOTS);
      for (let slot = 0; slot < SLOTS; slot++) policy.onInsert(slot);
      for (let slot = 0; slot < SLOTS; slot += 3) policy.onHit(slot);
      const victims = drain(policy);
      assert.equal(victims.length, SLOTS);
      assert.equal(new Set(victims).size, SLOTS);
    });

    it('proposes the same victim when asked twice', () => {
      const policy = make(SLOTS);
      for (let slot = 0; slot < SLOTS; slot++) policy.onInsert(slot);
      assert.equal(policy.victim(), policy.victim());
    });

    it('keeps what it holds when it grows, and takes the new slots in', () => {
      const policy = make(2);
      policy.onInsert(1);
      policy.resize(SLOTS);
      policy.onInsert(SLOTS - 1);
      policy.validate();
      assert.deepEqual(new Set(drain(policy)), new Set([1, SLOTS - 1]));
    });

    it('uses a slot again after it was removed', () => {
      const policy = make(SLOTS);
      for (let round = 0; round < 3; round++) {
        policy.onInsert(7);
        policy.onHit(7);
        policy.onRemove(7);
        policy.validate();
      }
      assert.equal(policy.victim(), NO_SLOT);
    });

    it('takes twice the slots, or removes what it does not hold, only with a thrown bug', () => {
      const policy = make(SLOTS);
      policy.onInsert(1);
      assert.throws(() => policy.onInsert(1));
      assert.throws(() => policy.onRemove(2));
    });

    if (model !== undefined)
      it('proposes what a naive model proposes', (t) => followModel(make, model(), (text) => t.diagnostic(text)));
  });
}

function followModel(make: PolicyFactory, model: PolicyModel, tell: (text: string) => void): void {
  const seed = seedOfRun();
  tell(`SEED=${seed}`);
  const policy = make(SLOTS);
  const both: EvictionPolicy = {
    get size() {
      return policy.size;
    },
    onInsert: (slot) => [policy, model].forEach((one) => void one.onInsert(slot)),
    onHit: (slot) => [policy, model].forEach((one) => void one.onHit(slot)),
    onRemove: (slot) => [policy, model].forEach((one) => void one.onRemove(slot)),
    victim: () => policy.victim(),
    resize: (slotCount) => policy.resize(slotCount),
    validate: () => policy.validate(),
  };
  randomRun(both, new SeededRandom(seed), () => assert.equal(policy.victim(), model.victim()));
}
