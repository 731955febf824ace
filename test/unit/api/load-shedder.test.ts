// Goal: an overloaded server keeps at least nine tenths of what it can do, refuses the right calls and recovers. Method:
// the shedder in a model of an event loop, with costs as measured: HTTP/2 makes up most of a refusal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callGroupOf, callGroups } from '../../../src/api/call-groups.ts';
import { LoadShedder } from '../../../src/api/load-shedder.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/base/limits.ts';
import { AdminServiceService } from '../../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { InvalidationServiceService } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type QueueModel, runQueue } from '../../support/queue-model.ts';

const reads = ['reads'] as const;
/** A Get from memory, a batch of a hundred, a call that takes long. */
const costs = [
  { answerMs: 0.03, refuseMs: 0.018 },
  { answerMs: 0.17, refuseMs: 0.02 },
  { answerMs: 1, refuseMs: 0.02 },
  { answerMs: 10, refuseMs: 0.02 },
  // On a core that is ten times as slow.
  { answerMs: 0.3, refuseMs: 0.18 },
] as const;

function model(of: Partial<QueueModel>): QueueModel {
  return { ...costs[1], connections: 8, offered: 3, groups: reads, cpuShare: 1, ...of };
}

for (const cost of costs) {
  for (const offered of [1.3, 3]) {
    for (const cpuShare of [1, 0.2]) {
      const situation = `${offered} times what ${cpuShare} of a core can do, at ${cost.answerMs} ms a call`;
      test(`${situation}: nine tenths are answered, and all soon after`, () => {
        const { goodput, recoveryMs } = runQueue(model({ ...cost, offered, cpuShare }));
        assert.ok(goodput >= 0.9, `goodput ${goodput}`);
        assert.ok(recoveryMs <= 5000, `recovery ${recoveryMs} ms`);
      });
    }
  }

  test(`as much as it can do, at ${cost.answerMs} ms a call: nothing is refused`, () => {
    const { goodput, refused } = runQueue(model({ ...cost, offered: 0.98 }));
    assert.equal(refused, 0);
    assert.ok(goodput >= 0.97, `goodput ${goodput}`);
  });
}

test('calls that take long wait a tenth of what they would without refusals', () => {
  const { turnMsMax, refused } = runQueue(model({ answerMs: 1, refuseMs: 0.02, connections: 20, offered: 1.3 }));
  assert.ok(refused > 0);
  assert.ok(turnMsMax <= 500, `${turnMsMax} ms`);
});

/** Returns a clock whose timers are all late. */
function slow(clock: ManualClock, lateMs = 5 * limits.loopDelayMsMax): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    startTimer: (delayMs, callback) => clock.startTimer(delayMs + lateMs, callback),
  };
}

/** A shedder whose event loop is late by the clock as a test says. */
function shedderOn(clock: Clock, callsInFlight = 0, idleShare = 0): LoadShedder {
  const processTime = () => ({ cpuMs: clock.monotonicMs(), idleMs: clock.monotonicMs() * idleShare });
  const shedder = new LoadShedder({ clock, callsInFlight: () => callsInFlight, processTime, onStreamsMax: () => {} });
  shedder.start();
  return shedder;
}

test('no call is refused while timers are on time', () => {
  const clock = new ManualClock();
  const shedder = shedderOn(clock);
  clock.advance(60_000);
  assert.equal(shedder.pressure, 0);
  for (const group of callGroups) assert.equal(shedder.refuses(group), false);
});

test(`a delay of ${limits.loopDelayMsMax} ms is borne, one more is not`, () => {
  for (const [lateMs, pressed] of [
    [limits.loopDelayMsMax, false],
    [limits.loopDelayMsMax + 1, true],
  ] as const) {
    const clock = new ManualClock();
    const shedder = shedderOn(slow(clock, lateMs));
    clock.advance(20_000);
    assert.equal(shedder.pressure > 0, pressed, `${lateMs} ms`);
  }
});

test(`${limits.refusalsPerSecondMax} calls are refused in a second, the next one is answered`, () => {
  const clock = new ManualClock();
  const shedder = shedderOn(slow(clock));
  clock.advance(20_000);
  const refusedNow = (): number => {
    let refused = 0;
    while (shedder.refuses('reads')) refused += 1;
    return refused;
  };
  refusedNow();
  let refused = 0;
  for (let tenth = 0; tenth < 10; tenth += 1) {
    clock.advance(100);
    refused += refusedNow();
  }
  assert.equal(refused, limits.refusalsPerSecondMax);
});

for (const [idleShare, pressed] of [
  [0, true],
  [0.3, false],
] as const) {
  test(`a loop that is late and idle for ${idleShare} of the time ${pressed ? 'refuses' : 'refuses nobody'}`, () => {
    const clock = new ManualClock();
    const shedder = shedderOn(slow(clock), 0, idleShare);
    for (let turn = 0; turn < 20; turn += 1) clock.advance(1000);
    assert.equal(shedder.pressure > 0, pressed);
  });
}

test('calls in flight are bounded', () => {
  assert.equal(shedderOn(new ManualClock(), limits.callsInFlightMax - 1).refuses('reads'), false);
  const shedder = shedderOn(new ManualClock(), limits.callsInFlightMax);
  assert.equal(shedder.refuses('reads'), true);
  assert.equal(shedder.shed.get('reads'), 1);
});

test('a closed shedder has no timer and refuses nobody', () => {
  const clock = new ManualClock();
  const shedder = shedderOn(clock);
  shedder.close();
  assert.equal(clock.timers, 0);
  clock.advance(10_000);
  assert.equal(shedder.refuses('streams'), false);
});

test('every method of callers belongs to a group, none of administration does', () => {
  for (const { path } of [...Object.values(CacheServiceService), InvalidationServiceService.subscribe]) {
    assert.ok(callGroupOf(path.slice(1)), path);
  }
  for (const { path } of Object.values(AdminServiceService)) assert.equal(callGroupOf(path.slice(1)), undefined, path);
});
