// Goal: a breaker refuses when nobody is there, tries a little when somebody is again, and closes when that went well.
// Method: a manual clock; calls and heartbeats are answered when the test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnsweredBeat,
  Breaker,
  type BreakerBounds,
  type BreakerPass,
  breakerBounds,
} from '../../../../src/store/tiered/breaker.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const BOUNDS: BreakerBounds = { silenceMsMax: 500, unansweredMax: 4, trialsMax: 3 };

interface World {
  readonly clock: ManualClock;
  readonly breaker: Breaker;
  readonly changes: string[];
}

function world(bounds: Partial<BreakerBounds> = {}): World {
  const clock = new ManualClock();
  const changes: string[] = [];
  const breaker = new Breaker(clock, { ...BOUNDS, ...bounds }, (from, to) => changes.push(`${from} ${to}`));
  return { clock, breaker, changes };
}

/** The answer of a server in force to a heartbeat. */
function inForce(sentAtMs: number): AnsweredBeat {
  return { sentAtMs, inForce: true };
}

/** A heartbeat that is answered at once. */
function beat({ clock, breaker }: World): void {
  breaker.beatSent();
  breaker.beatAnswered(inForce(clock.monotonicMs()));
}

/** Lets a call through. */
function admitted({ breaker }: World): BreakerPass {
  const pass = breaker.admit();
  assert.ok(pass !== undefined, 'let through');
  return pass;
}

function calls(world: World, count: number, answered: boolean): void {
  for (let i = 0; i < count; i++) world.breaker.settle(admitted(world), answered);
}

/** Returns a world whose breaker opened because nobody answered its heartbeat. */
function silenced(bounds: Partial<BreakerBounds> = {}): World {
  const silent = world(bounds);
  beat(silent);
  silent.breaker.beatSent();
  silent.clock.advance(BOUNDS.silenceMsMax);
  assert.equal(silent.breaker.state, 'open');
  return silent;
}

function halfOpened(bounds: Partial<BreakerBounds> = {}): World {
  const half = silenced(bounds);
  beat(half);
  assert.equal(half.breaker.state, 'halfOpen');
  return half;
}

test('before the first heartbeat is answered it lets calls through and expects nothing', () => {
  const { clock, breaker, changes } = world();
  breaker.beatSent();
  clock.advance(1_000_000);
  assert.ok(breaker.admit() !== undefined);
  assert.deepEqual([changes, clock.timers], [[], 0]);
});

test('it opens when heartbeats had no answer for as long as may be, from the first on, and not before', () => {
  const silent = world();
  beat(silent);
  silent.breaker.beatSent();
  silent.clock.advance(300);
  silent.breaker.beatSent();
  silent.clock.advance(BOUNDS.silenceMsMax - 301);
  assert.equal(silent.breaker.state, 'closed');
  silent.clock.advance(1);
  assert.deepEqual([silent.breaker.state, silent.changes], ['open', ['closed open']]);
  assert.equal(silent.breaker.admit(), undefined);
});

test('a process that stalled and sent no heartbeat meanwhile is no silence of the store', () => {
  const stalled = world();
  beat(stalled);
  stalled.clock.advance(1_000_000);
  stalled.breaker.beatSent();
  stalled.clock.advance(BOUNDS.silenceMsMax - 1);
  assert.equal(stalled.breaker.state, 'closed');
});

test('an answer that was waiting unread when the time was over counts', () => {
  const stalled = world();
  beat(stalled);
  stalled.breaker.beatSent();
  // The timer fires before the socket is read, and the socket is read before the next turn of the event loop.
  stalled.clock.startTimer(BOUNDS.silenceMsMax, () => stalled.breaker.beatAnswered(inForce(0)));
  stalled.clock.advance(10 * BOUNDS.silenceMsMax);
  assert.equal(stalled.breaker.state, 'closed');
});

test('it opens when one call more in a row than may be has no answer', () => {
  const { breaker, ...rest } = world();
  calls({ breaker, ...rest }, BOUNDS.unansweredMax, false);
  assert.equal(breaker.state, 'closed');
  calls({ breaker, ...rest }, 1, false);
  assert.equal(breaker.state, 'open');
});

test('a call that is answered, if only with an error, ends the row', () => {
  const some = world();
  for (let i = 0; i < 3; i++) {
    calls(some, BOUNDS.unansweredMax, false);
    calls(some, 1, true);
  }
  assert.deepEqual([some.breaker.state, some.changes], ['closed', []]);
});

test('open, it is half-opened by an answered heartbeat, and by nothing else', () => {
  const silent = silenced();
  silent.clock.advance(1_000_000);
  assert.equal(silent.breaker.state, 'open');
  beat(silent);
  assert.deepEqual(silent.changes, ['closed open', 'open halfOpen']);
});

test('a heartbeat that took as long as silence may last half-opens nothing: who is as slow is not back', () => {
  const { clock, breaker } = silenced();
  const sentAtMs = clock.monotonicMs();
  clock.advance(BOUNDS.silenceMsMax);
  breaker.beatAnswered(inForce(sentAtMs));
  assert.equal(breaker.state, 'open');
  breaker.beatAnswered(inForce(sentAtMs + 1));
  assert.equal(breaker.state, 'halfOpen');
});

test('closed, a late answer is one: the process may have stalled', () => {
  const late = world();
  beat(late);
  late.breaker.beatSent();
  late.clock.advance(BOUNDS.silenceMsMax - 1);
  late.breaker.beatAnswered(inForce(-1000));
  late.clock.advance(BOUNDS.silenceMsMax);
  assert.equal(late.breaker.state, 'closed');
});

test('a server that is not in force keeps it closed, and opens nothing that is open or half-open', () => {
  const deposed = world();
  beat(deposed);
  deposed.breaker.beatSent();
  deposed.breaker.beatAnswered({ sentAtMs: 0, inForce: false });
  deposed.clock.advance(BOUNDS.silenceMsMax);
  assert.equal(deposed.breaker.state, 'closed');
  for (const opened of [silenced(), halfOpened()]) {
    const { state } = opened.breaker;
    opened.breaker.beatAnswered({ sentAtMs: opened.clock.monotonicMs(), inForce: false });
    assert.equal(opened.breaker.state, state);
  }
});

test('half-open, it lets a few calls through, and refuses the next', () => {
  const half = halfOpened();
  for (let i = 0; i < BOUNDS.trialsMax; i++) admitted(half);
  assert.equal(half.breaker.admit(), undefined);
});

test('half-open, it closes when all of the few were answered', () => {
  const half = halfOpened();
  calls(half, BOUNDS.trialsMax - 1, true);
  assert.equal(half.breaker.state, 'halfOpen');
  calls(half, 1, true);
  assert.equal(half.breaker.state, 'closed');
  calls(half, BOUNDS.trialsMax + 1, true);
});

test('half-open, it opens when one of the few is not answered; the others decide nothing any more', () => {
  const half = halfOpened();
  const [lost, ...others] = Array.from({ length: BOUNDS.trialsMax }, () => admitted(half));
  half.breaker.settle(lost!, false);
  assert.deepEqual([half.breaker.state, half.breaker.admit()], ['open', undefined]);
  for (const other of others) half.breaker.settle(other, true);
  assert.equal(half.breaker.state, 'open');
  beat(half);
  assert.equal(half.breaker.state, 'halfOpen');
});

test('half-open and idle, it closes at the next heartbeat', () => {
  const half = halfOpened();
  half.clock.advance(250);
  beat(half);
  assert.equal(half.breaker.state, 'closed');
});

test('half-open, a heartbeat closes nothing while a call is under way that tries it', () => {
  const half = halfOpened();
  const pass = admitted(half);
  half.clock.advance(250);
  beat(half);
  assert.equal(half.breaker.state, 'halfOpen');
  half.breaker.settle(pass, true);
  half.clock.advance(250);
  beat(half);
  assert.equal(half.breaker.state, 'closed');
});

test('half-open, it opens when heartbeats stay without an answer', () => {
  const half = halfOpened();
  half.breaker.beatSent();
  half.clock.advance(BOUNDS.silenceMsMax);
  assert.equal(half.breaker.state, 'open');
});

test('calls that began before it opened say nothing of what came after', () => {
  const old = world();
  beat(old);
  const passes = Array.from({ length: 20 }, () => admitted(old));
  old.breaker.beatSent();
  old.clock.advance(BOUNDS.silenceMsMax);
  beat(old);
  for (const pass of passes) old.breaker.settle(pass, false);
  assert.equal(old.breaker.state, 'halfOpen');
  old.clock.advance(250);
  beat(old);
  for (const pass of passes) old.breaker.settle(pass, false);
  assert.equal(old.breaker.state, 'closed');
});

test('closed again, it watches for silence as before', () => {
  const half = halfOpened();
  half.clock.advance(250);
  beat(half);
  half.breaker.beatSent();
  half.clock.advance(BOUNDS.silenceMsMax);
  assert.deepEqual(half.changes.slice(-2), ['halfOpen closed', 'closed open']);
});

test('ended, it leaves no timer, and starts none', () => {
  const ended = world();
  beat(ended);
  ended.breaker.beatSent();
  ended.breaker.end();
  ended.breaker.beatSent();
  assert.equal(ended.clock.timers, 0);
});

for (const [heartbeatMs, silenceMsMax] of [
  [20, 500],
  [250, 500],
  [1000, 2000],
] as const) {
  test(`with heartbeats each ${heartbeatMs} ms, ${silenceMsMax} ms of silence open it`, () => {
    assert.equal(breakerBounds(heartbeatMs).silenceMsMax, silenceMsMax);
  });
}
