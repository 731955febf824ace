// Goal: a subscription survives every break with the newest token, tells each change of state once, and gives up only where
// a retry is in vain. Method: streams that the test writes message by message, on a manual clock with fixed randomness.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { CallError } from '../../../src/cli/call-error.ts';
import { type News, Subscription } from '../../../src/cli/subscription.ts';
import { ResetReason, type SubscribeResponse } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { seconds } from '../../support/cache-calls.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';

/** One stream that was opened, which the test writes. */
interface OpenedStream {
  readonly resumeToken: string;
  send(event: NonNullable<SubscribeResponse['event']>): Promise<void>;
  end(error?: CallError): void;
}

function failure(code: status, retryAfterMs?: number): CallError {
  return new CallError('failed', { code, reason: undefined, facts: new Map(), retryAfterMs });
}

const ready = (token: string) => ({ $case: 'ready', value: { token, progressInterval: seconds(1) } }) as const;
const progress = (token: string) => ({ $case: 'progress', value: { token } }) as const;

class Streams {
  readonly opened: OpenedStream[] = [];
  ended = 0;

  async *open(resumeToken: string, signal: AbortSignal): AsyncIterable<SubscribeResponse> {
    const waiting: { next: SubscribeResponse | CallError | 'end'; taken: () => void }[] = [];
    let wake = (): void => {};
    const put = (next: SubscribeResponse | CallError | 'end'): Promise<void> =>
      new Promise((taken) => {
        waiting.push({ next, taken });
        wake();
      });
    this.opened.push({
      resumeToken,
      send: (event) => put({ event }),
      end: (error) => void put(error ?? 'end'),
    });
    signal.addEventListener('abort', () => wake());
    try {
      while (true) {
        while (waiting.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (signal.aborted) return;
        const { next, taken } = waiting.shift()!;
        if (next === 'end') return;
        if (next instanceof CallError) throw next;
        yield next;
        taken();
      }
    } finally {
      this.ended++;
    }
  }
}

interface Followed extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly news: News[];
  readonly streams: OpenedStream[];
  readonly running: Promise<void>;
  /** Waits for the stream with this number, from 0. */
  stream(index: number): Promise<OpenedStream>;
  /** Waits until the subscription waits for its next attempt, and lets the time pass. */
  passPause(ms: number): Promise<void>;
}

function follow({ resumeToken = '', randomFloat = 0.5 } = {}): Followed {
  const [clock, streams, ending, news] = [new ManualClock(), new Streams(), new AbortController(), [] as News[]];
  const subscription = new Subscription({
    open: (token, signal) => streams.open(token, signal),
    tell: (told) => void news.push(told),
    clock,
    random: { float: () => randomFloat, bytes: (count) => Buffer.alloc(count) },
    signal: ending.signal,
    resumeToken,
    readyWithinMs: 5000,
  });
  const running = subscription.run();
  running.catch(() => {});
  const { opened } = streams;
  return {
    clock,
    news,
    streams: opened,
    running,
    stream: async (index) => {
      await until(() => opened.length > index, { what: `stream ${index}` });
      return opened[index]!;
    },
    passPause: async (ms) => {
      const count = opened.length;
      await until(() => streams.ended === count, { what: 'the end of the stream' });
      // What follows from its end happens in the same turn.
      await setImmediate();
      assert.equal(clock.timers, 1, 'only the pause');
      clock.advance(ms - 1);
      assert.equal(opened.length, count, 'too early');
      clock.advance(1);
      await until(() => opened.length > count, { what: 'the next stream' });
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await running.catch(() => {});
      assert.equal(clock.timers, 0, 'all timers are stopped');
    },
  };
}

const kinds = ({ news }: Followed): string[] => news.map(({ kind }) => kind);

test('news come in order, and begin where the caller says', async () => {
  await using t = follow({ resumeToken: 'begin' });
  const stream = await t.stream(0);
  assert.equal(stream.resumeToken, 'begin');
  await stream.send(ready('t1'));
  await stream.send({ $case: 'events', value: { events: [], token: 't2' } });
  await stream.send({ $case: 'reset', value: { reason: ResetReason.SLOW, token: 't3' } });
  await stream.send(progress('t4'));
  assert.deepEqual(t.news, [
    { kind: 'ready', token: 't1' },
    { kind: 'events', events: [], token: 't2' },
    { kind: 'reset', reason: ResetReason.SLOW, token: 't3' },
    { kind: 'progress', token: 't4' },
  ]);
});

test('a message that was added to the contract later is ignored', async () => {
  await using t = follow();
  const stream = await t.stream(0);
  await stream.send(ready('t1'));
  await stream.send(undefined as never);
  assert.deepEqual(kinds(t), ['ready']);
});

test('after a break it goes on with the newest token, and is ready again', async () => {
  await using t = follow();
  const first = await t.stream(0);
  await first.send(ready('t1'));
  await first.send(progress('t2'));
  first.end(failure(status.UNAVAILABLE));
  await t.passPause(50);
  const second = await t.stream(1);
  assert.equal(second.resumeToken, 't2');
  await second.send(ready('t2'));
  assert.deepEqual(kinds(t), ['ready', 'progress', 'stale', 'ready']);
});

test('a stream that ends without a word is a break too', async () => {
  await using t = follow();
  const first = await t.stream(0);
  await first.send(ready('t1'));
  first.end();
  await t.passPause(50);
  assert.deepEqual(t.news.at(-1), { kind: 'stale', why: 'broken', retryInMs: 50 });
});

test('waits grow to 10 s, at random, until a token shows that the stream works', async () => {
  await using t = follow({ randomFloat: 0.5 });
  for (const [index, waitMs] of [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000].entries()) {
    (await t.stream(index)).end(failure(status.UNAVAILABLE));
    await t.passPause(waitMs);
  }
  assert.deepEqual(kinds(t), ['stale'], 'told once');
  const works = await t.stream(9);
  await works.send(ready('t1'));
  await works.send(progress('t2'));
  works.end();
  await t.passPause(50);
});

test('a stream that breaks right after Ready does not count as working', async () => {
  await using t = follow();
  for (const [index, waitMs] of [50, 100, 200].entries()) {
    const stream = await t.stream(index);
    await stream.send(ready('t1'));
    stream.end();
    await t.passPause(waitMs);
  }
});

test('a server that goes away says when to come back', async () => {
  await using t = follow();
  const first = await t.stream(0);
  await first.send(ready('t1'));
  void first.send({ $case: 'goingAway', value: { token: 't2', retryAfter: seconds(2) } });
  await t.passPause(2000);
  assert.deepEqual(t.news.at(-1), { kind: 'stale', why: 'goingAway', retryInMs: 2000 });
  assert.equal((await t.stream(1)).resumeToken, 't2');
});

test('an error that names a time is retried after it', async () => {
  await using t = follow();
  (await t.stream(0)).end(failure(status.RESOURCE_EXHAUSTED, 700));
  await t.passPause(700);
});

test('three progress intervals without a token make it stale, and it opens the stream anew', async () => {
  await using t = follow();
  const stream = await t.stream(0);
  await stream.send(ready('t1'));
  t.clock.advance(2999);
  await stream.send(progress('t2'));
  t.clock.advance(2999);
  assert.deepEqual(kinds(t), ['ready', 'progress']);
  t.clock.advance(1);
  assert.deepEqual(t.news.at(-1), { kind: 'stale', why: 'silent' });
  await t.passPause(50);
  const next = await t.stream(1);
  assert.equal(next.resumeToken, 't2');
});

test('a stream that does not get ready in time is given up', async () => {
  await using t = follow();
  await t.stream(0);
  t.clock.advance(5000);
  await t.passPause(50);
  assert.deepEqual(kinds(t), ['stale']);
});

for (const code of [
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'UNIMPLEMENTED',
] as const) {
  test(`${code} ends it: no retry heals that`, async () => {
    await using t = follow();
    (await t.stream(0)).end(failure(status[code]));
    await assert.rejects(t.running, { code: status[code] });
  });
}

for (const code of ['UNAVAILABLE', 'INTERNAL', 'CANCELLED', 'UNKNOWN', 'DEADLINE_EXCEEDED', 'ABORTED'] as const) {
  test(`${code} is retried`, async () => {
    await using t = follow();
    (await t.stream(0)).end(failure(status[code]));
    await t.passPause(50);
  });
}

test('it ends when it is asked to, while it reads and while it waits', async () => {
  const reading = follow();
  await (await reading.stream(0)).send(ready('t1'));
  await reading[Symbol.asyncDispose]();
  await reading.running;
  const waiting = follow();
  (await waiting.stream(0)).end();
  await until(() => waiting.news.length === 1);
  await waiting[Symbol.asyncDispose]();
  await waiting.running;
});
