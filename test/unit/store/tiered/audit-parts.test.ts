// Goal: time scales have their names in order, and what waits is bounded. Method: bounds around the fixed ages; timers at
// the bound and one past it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditScales } from '../../../../src/store/tiered/audit-scales.ts';
import { PendingTimers } from '../../../../src/store/tiered/pending-timers.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

function named(maxLagMs: number): string[] {
  return auditScales(maxLagMs).map(({ afters, ageMs }) => `${ageMs}: ${afters.join(' ')}`);
}

test('the scales are in the order of time, and one look counts for two of the same age', () => {
  assert.deepEqual(named(500), ['10: 10ms', '100: 100ms', '500: max_lag', '1000: 1s', '10000: 10s']);
  assert.deepEqual(named(1000), ['10: 10ms', '100: 100ms', '1000: 1s max_lag', '10000: 10s']);
  assert.deepEqual(named(60_000).at(-1), '60000: max_lag');
});

test('2 timers wait; a third is not started; closed, none fires', () => {
  const clock = new ManualClock();
  const timers = new PendingTimers(clock, 2);
  const fired: string[] = [];
  for (const name of ['a', 'b', 'c']) timers.start(10, () => fired.push(name));
  clock.advance(10);
  assert.deepEqual(fired, ['a', 'b']);
  timers.start(10, () => fired.push('d'));
  timers.close();
  clock.advance(10);
  assert.deepEqual([fired, clock.timers], [['a', 'b'], 0]);
});
