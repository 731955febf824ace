// Goal: workers that end are started again, more and more slowly, and the whole ends where that is hopeless. Method: a pool
// over processes that a test lets serve and end, on a manual clock; real ones are in test/integration/workers.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMetrics } from '../../../src/cli/fleet/merge-metrics.ts';
import type { FromWorker, ToWorker, WorkerProcess } from '../../../src/cli/fleet/worker-messages.ts';
import { WorkerPool } from '../../../src/cli/fleet/worker-pool.ts';
import { silentLog } from '../../../src/telemetry/log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface ScriptedProcess extends WorkerProcess {
  readonly worker: number;
  readonly heard: ToWorker[];
  readonly signals: NodeJS.Signals[];
  say(message: FromWorker): void;
  exit(code: number | undefined): void;
}

function scripted(worker: number): ScriptedProcess {
  const [listeners, enders]: [((message: FromWorker) => void)[], ((code: number | undefined) => void)[]] = [[], []];
  const process: ScriptedProcess = {
    ...{ worker, pid: 1000 + worker, heard: [], signals: [] },
    send: (message) => void process.heard.push(message),
    kill: (signal) => {
      process.signals.push(signal);
      process.exit(undefined);
    },
    onMessage: (listener) => void listeners.push(listener),
    onExit: (listener) => void enders.push(listener),
    say: (message) => {
      for (const listener of listeners) listener(message);
    },
    exit: (code) => {
      for (const listener of enders.splice(0)) listener(code);
    },
  };
  return process;
}

function openPool(count: number) {
  const clock = new ManualClock();
  const started: ScriptedProcess[] = [];
  const told = { ports: [] as number[], codes: [] as number[] };
  const pool = new WorkerPool({
    ...{ count, clock, log: silentLog },
    fork: (worker) => {
      const process = scripted(worker);
      started.push(process);
      return process;
    },
    onServing: (port) => told.ports.push(port),
    onGaveUp: (code) => told.codes.push(code),
  });
  pool.start();
  return { clock, started, told, pool };
}

/** A pool of which all workers serve. */
function servingPool(count: number) {
  const world = openPool(count);
  for (const process of world.started) process.say({ kind: 'ready', port: 7171 });
  return world;
}

test('the port is told once, when the last worker serves', () => {
  const { started, told, pool } = openPool(2);
  started[0]!.say({ kind: 'ready', port: 7171 });
  assert.equal(pool.notReadyBecause, 'workers that do not serve: 2');
  assert.deepEqual(told.ports, []);
  started[1]!.say({ kind: 'ready', port: 7171 });
  assert.deepEqual([told.ports, pool.notReadyBecause], [[7171], undefined]);
});

test('a worker that ends is started again, each time later, up to 10 s', () => {
  const { clock, started, told, pool } = servingPool(2);
  for (const backoffMs of [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    const before = started.length;
    started.findLast(({ worker }) => worker === 1)!.exit(undefined);
    assert.equal(pool.notReadyBecause, 'workers that do not serve: 1');
    clock.advance(backoffMs - 1);
    assert.equal(started.length, before, `not before ${backoffMs} ms`);
    clock.advance(1);
    assert.equal(started.length, before + 1, `after ${backoffMs} ms`);
    started.at(-1)!.say({ kind: 'ready', port: 7171 });
  }
  assert.deepEqual([told.ports, told.codes, pool.notReadyBecause], [[7171], [], undefined]);
});

test('a worker that has run for half a minute is started again as if for the first time', () => {
  const { clock, started } = servingPool(1);
  for (let end = 0; end < 3; end += 1) {
    clock.advance(30_000);
    started.at(-1)!.exit(1);
    clock.advance(250);
    started.at(-1)!.say({ kind: 'ready', port: 7171 });
  }
  assert.equal(started.length, 4);
});

test('if a worker can not start at first, all end with its exit code', async () => {
  const { started, told } = openPool(3);
  started[0]!.say({ kind: 'ready', port: 7171 });
  started[1]!.exit(2);
  assert.deepEqual([started[0]!.heard, started[2]!.signals], [[{ kind: 'drain' }], ['SIGKILL']]);
  started[0]!.exit(0);
  await Promise.resolve();
  assert.deepEqual(told, { ports: [], codes: [2] });
});

test('if a worker can not start again, all end at the fifth time', async () => {
  const { clock, started, told } = servingPool(2);
  started[0]!.exit(undefined);
  for (let end = 2; end <= 5; end += 1) {
    assert.deepEqual(started[1]!.heard, [], `end ${end}`);
    clock.advance(10_000);
    started.at(-1)!.exit(1);
  }
  assert.deepEqual(started[1]!.heard, [{ kind: 'drain' }]);
  started[1]!.exit(0);
  await Promise.resolve();
  assert.deepEqual([told.codes, clock.timers], [[1], 0]);
});

test('a drain is clean if all workers ended well', async () => {
  for (const [code, isClean] of [
    [0, true],
    [1, false],
    [undefined, false],
  ] as const) {
    const { started, pool } = servingPool(2);
    const drained = pool.drain();
    assert.equal(pool.notReadyBecause, 'draining');
    started[0]!.exit(0);
    started[1]!.exit(code);
    assert.equal(await drained, isClean);
    assert.equal(started.length, 2, 'none is started again');
  }
});

test('a drain does not wait for a worker that is to be started later', async () => {
  const { clock, started, pool } = servingPool(2);
  started[0]!.exit(1);
  const drained = pool.drain();
  assert.equal(clock.timers, 0);
  started[1]!.exit(0);
  assert.equal(await drained, true);
});

test('metrics are those of the workers that serve and answer in time', async () => {
  const { clock, started, pool } = servingPool(3);
  started[2]!.exit(1);
  const scraped = pool.scrape();
  const [asked] = started[0]!.heard;
  assert.equal(asked?.kind, 'scrape');
  started[0]!.say({ kind: 'scraped', id: asked.id, text: '# HELP a b\na 1\n' });
  clock.advance(2000);
  assert.equal(mergeMetrics(await scraped), '# HELP a b\na{worker="1"} 1\n');
});
