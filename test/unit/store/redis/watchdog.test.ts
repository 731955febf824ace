// Goal: a server that says nothing is noticed in time, and a stall of this process is not mistaken for it. Method: a
// clock that the test moves; pings and silence are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENCE_MS_MAX, WATCH_INTERVAL_MS, Watchdog } from '../../../../src/store/redis/watchdog.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

interface Watching {
  readonly clock: ManualClock;
  readonly watchdog: Watchdog;
  readonly seen: { pings: number; silences: number };
}

function watching(onPing: (watchdog: Watchdog) => void = () => {}): Watching {
  const clock = new ManualClock();
  const seen = { pings: 0, silences: 0 };
  const watchdog: Watchdog = new Watchdog(clock, {
    ping() {
      seen.pings++;
      onPing(watchdog);
    },
    onSilent: () => seen.silences++,
  });
  return { clock, watchdog, seen };
}

test('a server that answers pings is never given up', () => {
  const { clock, seen } = watching((watchdog) => watchdog.heard());
  clock.advance(60_000);
  assert.deepEqual(seen, { pings: 60_000 / WATCH_INTERVAL_MS, silences: 0 });
});

test('a server that is heard of is not pinged', () => {
  const { clock, watchdog, seen } = watching();
  for (let step = 0; step < 100; step++) {
    clock.advance(WATCH_INTERVAL_MS / 2);
    watchdog.heard();
  }
  assert.deepEqual(seen, { pings: 0, silences: 0 });
});

test('a server that does not answer is given up once, in time', () => {
  const { clock, seen } = watching();
  clock.advance(WATCH_INTERVAL_MS + SILENCE_MS_MAX - 1);
  assert.deepEqual(seen, { pings: 1, silences: 0 });
  clock.advance(WATCH_INTERVAL_MS);
  assert.equal(seen.silences, 1);
  clock.advance(60_000);
  assert.deepEqual([seen, clock.timers], [{ pings: 1, silences: 1 }, 0]);
});

test('an answer that arrived during a stall of this process counts', () => {
  const { clock, watchdog, seen } = watching();
  clock.advance(WATCH_INTERVAL_MS);
  // What a stall looks like: the timer fires, late, and only then is the socket read.
  const answer = clock.startTimer(SILENCE_MS_MAX, () => watchdog.heard());
  clock.advance(SILENCE_MS_MAX);
  assert.equal(seen.silences, 0);
  answer.stop();
});

test('a stopped watchdog holds no timer', () => {
  const { clock, watchdog } = watching();
  watchdog.stop();
  assert.equal(clock.timers, 0);
});
