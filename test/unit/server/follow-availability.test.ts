// Goal: an outage of the store is told to health at once and makes two lines in the log. Method: states by hand, a clock
// that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alwaysAvailable, degradedBecause, followAvailability } from '../../../src/server/follow-availability.ts';
import type { StoreAvailability, StoreState } from '../../../src/store/store-availability.ts';
import type { Log } from '../../../src/telemetry/log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const ALL: StoreState = { reads: true, writes: true };
const NO_READS: StoreState = { reads: false, writes: true };
const NONE: StoreState = { reads: false, writes: false };

function world() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const told: StoreState[] = [];
  const write: Log['write'] = (event, fields) => void lines.push([event, ...Object.values(fields)].join(' '));
  const log: Log = { write, level: 'info', setLevel: () => {} };
  const listeners = new Set<(state: StoreState) => void>();
  const availability: StoreAvailability = {
    ...alwaysAvailable,
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const health = { setStore: (state: StoreState) => void told.push(state) };
  const stop = followAvailability(availability, { health, log, clock });
  const change = (state: StoreState): void => {
    for (const listener of listeners) listener(state);
  };
  return { clock, lines, told, change, stop };
}

test('health is told the state there is, and every other one', () => {
  const { told, change } = world();
  for (const state of [NO_READS, NONE, ALL]) change(state);
  assert.deepEqual(told, [ALL, NO_READS, NONE, ALL]);
});

test('an outage is one line when it begins, and one with how long it was when it ends', () => {
  const { clock, lines, change } = world();
  change(NO_READS);
  clock.advance(100.4);
  change(NONE);
  clock.advance(3000);
  change(NO_READS);
  assert.deepEqual(lines, ['storeUnavailable false true']);
  change(ALL);
  assert.deepEqual(lines.slice(1), ['storeAvailable 3100']);
  change(NONE);
  assert.deepEqual(lines.slice(2), ['storeUnavailable false false']);
});

test('stopped, it tells nothing', () => {
  const { lines, told, change, stop } = world();
  stop();
  change(NONE);
  assert.deepEqual([lines, told], [[], [ALL]]);
});

test('what is degraded is named, and nothing else', () => {
  assert.equal(degradedBecause(ALL), undefined);
  assert.match(degradedBecause(NO_READS)!, /in force/);
  assert.match(degradedBecause(NONE)!, /does not answer/);
});
