// Goal: the wheel finds each slot at its millisecond, whatever the horizon and the bound on work. Method: against a
// naive model that looks at every slot.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TimingWheel } from '../../../src/store/memory/timing-wheel.ts';
import { SeededRandom, seedOfRun } from '../../support/seeded-random.ts';

const START_MS = 1_800_000_000_123;
const DAY_MS = 86_400_000;
const NO_BOUND = Number.POSITIVE_INFINITY;

function dueAt(wheel: TimingWheel, nowMs: number, workMax = NO_BOUND): number[] {
  const due: number[] = [];
  wheel.advance(nowMs, (slot) => due.push(slot), workMax);
  wheel.validate();
  return due;
}

describe('timing wheel', () => {
  it('finds a slot at its millisecond and not before, on every horizon up to 60 days', () => {
    for (const delayMs of [
      0,
      1,
      31,
      32,
      33,
      1023,
      1024,
      32_768,
      1_048_577,
      2 ** 30 - 1,
      2 ** 30,
      2 ** 30 + 1,
      60 * DAY_MS,
    ]) {
      const wheel = new TimingWheel(START_MS, 4);
      wheel.schedule(2, START_MS + delayMs);
      if (delayMs > 0) assert.deepEqual(dueAt(wheel, START_MS + delayMs - 1), [], `${delayMs} ms`);
      assert.deepEqual(dueAt(wheel, START_MS + delayMs), [2], `${delayMs} ms`);
      assert.equal(wheel.size, 0);
    }
  });

  it('finds at once what is scheduled in the past', () => {
    const wheel = new TimingWheel(START_MS, 4);
    dueAt(wheel, START_MS + 5000);
    wheel.schedule(1, START_MS + 10);
    assert.deepEqual(dueAt(wheel, START_MS + 5000), [1]);
  });

  it('finds fractions of a millisecond with the next whole one', () => {
    const wheel = new TimingWheel(START_MS, 4);
    wheel.schedule(1, START_MS + 10.2);
    assert.deepEqual(dueAt(wheel, START_MS + 10.9), []);
    assert.deepEqual(dueAt(wheel, START_MS + 11), [1]);
  });

  it('forgets what is descheduled, and what is scheduled anew waits for its new time only', () => {
    const wheel = new TimingWheel(START_MS, 4);
    for (const slot of [0, 1, 2]) wheel.schedule(slot, START_MS + 100);
    wheel.deschedule(0);
    wheel.deschedule(0);
    wheel.schedule(1, START_MS + 200);
    assert.deepEqual(dueAt(wheel, START_MS + 100), [2]);
    assert.deepEqual(dueAt(wheel, START_MS + 200), [1]);
  });

  it('lets the callback schedule and deschedule', () => {
    const wheel = new TimingWheel(START_MS, 4);
    for (const slot of [0, 1, 2]) wheel.schedule(slot, START_MS + 10);
    const due: number[] = [];
    const onDue = (slot: number): void => {
      due.push(slot);
      wheel.deschedule(2);
      if (due.length < 4) wheel.schedule(0, START_MS + 10 + due.length);
    };
    wheel.advance(START_MS + 20, onDue, NO_BOUND);
    wheel.validate();
    assert.deepEqual(due, [0, 1, 0, 0]);
  });

  it('touches at most as many slots as it may, says how many, and finds the rest later', () => {
    const wheel = new TimingWheel(START_MS, 100);
    for (let slot = 0; slot < 100; slot++) wheel.schedule(slot, START_MS + 10);
    const due: number[] = [];
    for (const expected of [40, 40, 20, 0]) {
      assert.equal(
        wheel.advance(START_MS + 10, (slot) => due.push(slot), 40),
        expected,
      );
      wheel.validate();
    }
    assert.equal(new Set(due).size, 100);
  });

  it('costs nothing where nothing is due, however much time passes and however many wait', () => {
    const wheel = new TimingWheel(START_MS, 1000);
    for (let slot = 0; slot < 1000; slot++) wheel.schedule(slot, START_MS + 50 * DAY_MS + slot);
    assert.equal(
      wheel.advance(START_MS + 10 * DAY_MS, () => assert.fail('not due'), NO_BOUND),
      0,
    );
  });

  it('touches a slot at most once a level and span on its way', () => {
    const wheel = new TimingWheel(START_MS, 1);
    wheel.schedule(0, START_MS + 60 * DAY_MS);
    let work = 0;
    for (let nowMs = START_MS; nowMs <= START_MS + 60 * DAY_MS; nowMs += DAY_MS / 64) {
      work += wheel.advance(nowMs, () => undefined, NO_BOUND);
    }
    assert.ok(work <= 6 + 5, `${work} touches`);
  });

  it('agrees with a naive model over random schedules, steps of time and bounds on work', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < 20; run++) agreesWithModel(new SeededRandom(seed + run));
  });
});

function agreesWithModel(random: SeededRandom): void {
  const slots = 40;
  const wheel = new TimingWheel(START_MS, slots);
  const dueMs = new Map<number, number>();
  let nowMs = START_MS;
  const horizonMs = (): number => random.below(2 ** random.below(33));
  const onDue = (slot: number): void => {
    assert.ok(dueMs.get(slot)! <= nowMs, 'found too early');
    dueMs.delete(slot);
  };
  for (let step = 0; step < 1500; step++) {
    const slot = random.below(slots);
    if (random.chance(0.5)) {
      dueMs.set(slot, nowMs + horizonMs());
      wheel.schedule(slot, dueMs.get(slot)!);
    } else if (random.chance(0.2)) {
      dueMs.delete(slot);
      wheel.deschedule(slot);
    } else {
      nowMs += random.chance(0.3) ? 0 : horizonMs();
      const workMax = random.chance(0.3) ? random.below(5) : NO_BOUND;
      const work = wheel.advance(nowMs, onDue, workMax);
      assert.ok(work <= workMax);
      if (work < workMax)
        assert.ok(
          [...dueMs.values()].every((due) => due > nowMs),
          'found too late',
        );
    }
    assert.equal(wheel.size, dueMs.size);
    wheel.validate();
  }
}
