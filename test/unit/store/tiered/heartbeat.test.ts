// Goal: the heartbeat asks at the right times, one question at a time, and proves no more than the answer does. Method: a
// manual clock, and a primary that answers when the test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Beat, BeatAnswer } from '../../../../src/store/partition-store.ts';
import type { News } from '../../../../src/store/store.ts';
import { Heartbeat } from '../../../../src/store/tiered/heartbeat.ts';
import type { NodeSelf } from '../../../../src/store/tiered/node-self.ts';
import { PartitionView } from '../../../../src/store/tiered/partition-view.ts';
import { Tail } from '../../../../src/store/tiered/tail.ts';
import { EPOCH, keyChange } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CHAIN, FOREIGN_CHAIN, forkedAt, toldOf } from './builders.ts';

const INTERVAL_MS = 250;
const NODE = { id: 'n', name: 'n', trustedMs: 1000 };
const SELF: NodeSelf = { ...NODE, toldUpTo: () => undefined };

interface Question extends PromiseWithResolvers<BeatAnswer> {
  readonly beat: Beat;
}

/** A heartbeat whose primary is the test. */
class World {
  readonly clock = new ManualClock();
  readonly view = new PartitionView(0, { recentKeysMax: 10 });
  readonly news: News[] = [];
  readonly questions: Question[] = [];
  /** As of when answers proved something. */
  readonly proofs: number[] = [];
  readonly failures: unknown[] = [];
  readonly tail = new Tail({
    view: this.view,
    homes: () => [],
    homeOf: () => undefined,
    tell: (news) => this.news.push(news),
    monotonicMs: () => this.clock.monotonicMs(),
  });
  readonly heartbeat = new Heartbeat({
    view: this.view,
    tail: this.tail,
    clock: this.clock,
    intervalMs: INTERVAL_MS,
    self: SELF,
    ask: (beat) => {
      const question = { beat, ...Promise.withResolvers<BeatAnswer>() };
      this.questions.push(question);
      return question.promise;
    },
    onProof: (_answer, provenAtMs) => this.proofs.push(provenAtMs),
    onFailure: (cause) => this.failures.push(cause),
  });

  /** Answers the newest question. */
  async answer(head: number, parts: Partial<BeatAnswer> = {}): Promise<void> {
    const known = { inForce: true, namedAgeMs: 0, changes: [] };
    this.questions.at(-1)!.resolve({ ...toldOf(head), ...known, ...parts });
    await turn();
  }

  async fail(): Promise<void> {
    this.questions.at(-1)!.reject(new Error('cut'));
    await turn();
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await turn();
  }
}

/** Returns a heartbeat whose first question was answered with a head. */
async function startedAt(head: number): Promise<World> {
  const world = new World();
  const started = world.heartbeat.start();
  await world.answer(head);
  await started;
  return world;
}

test('the first question asks for no page, and the start resolves when it is answered', async () => {
  const world = new World();
  let started = false;
  const starting = world.heartbeat.start().then(() => {
    started = true;
  });
  await turn();
  const node = { ...NODE, applied: undefined, streamed: undefined };
  assert.deepEqual(world.questions[0]!.beat, { after: undefined, changesMax: 500, node });
  assert.equal(started, false);
  await world.answer(7);
  await starting;
  assert.deepEqual([world.view.applied, world.view.provenAtMs], [7, 0]);
});

test('the next question comes an interval after the answer, and asks for what follows', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS - 1);
  assert.equal(world.questions.length, 1);
  await world.advance(1);
  assert.equal(world.questions.length, 2);
  const applied = { epoch: EPOCH, number: 7 };
  const node = { ...NODE, applied, streamed: applied };
  assert.deepEqual(world.questions[1]!.beat, { after: 7, changesMax: 500, node });
  await world.answer(8, { changes: [keyChange(8, 'k')] });
  assert.deepEqual([world.view.applied, world.view.provenAtMs], [8, INTERVAL_MS]);
});

test('one question is on its way at a time, however long it takes', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.advance(10 * INTERVAL_MS);
  world.heartbeat.soon();
  world.heartbeat.soon();
  await turn();
  assert.equal(world.questions.length, 2);
});

test('who is asked how far it has come says so at once, and not more often than every 5 ms', async () => {
  const world = await startedAt(7);
  await world.advance(5);
  world.heartbeat.asked();
  world.heartbeat.asked();
  assert.equal(world.questions.length, 2);
  await world.answer(7);
  await world.advance(4);
  world.heartbeat.asked();
  assert.equal(world.questions.length, 2);
  await world.advance(1);
  assert.equal(world.questions.length, 3);
  await world.answer(7);
  await world.advance(INTERVAL_MS - 1);
  assert.equal(world.questions.length, 3);
  await world.advance(1);
  assert.equal(world.questions.length, 4);
});

test('who is asked while a question is on its way sends another one: that one may not have what was applied since', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  world.tail.ring(keyChange(8, 'k'));
  world.heartbeat.asked();
  assert.equal(world.questions.length, 2);
  await world.advance(5);
  await world.answer(8);
  assert.deepEqual(
    world.questions.map(({ beat }) => beat.node.applied?.number),
    [undefined, 7, 8],
  );
});

test('closed, it says no more how far it has come', async () => {
  const world = await startedAt(7);
  world.heartbeat.close();
  await world.advance(5);
  world.heartbeat.asked();
  await world.advance(INTERVAL_MS);
  assert.deepEqual([world.questions.length, world.clock.timers], [1, 0]);
});

test('soon asks at once, and the interval begins anew', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS - 1);
  world.heartbeat.soon();
  assert.equal(world.questions.length, 2);
  await world.answer(7);
  await world.advance(INTERVAL_MS - 1);
  assert.equal(world.questions.length, 2);
  await world.advance(1);
  assert.equal(world.questions.length, 3);
  assert.equal(world.clock.timers, 0);
});

test('soon while a question is on its way asks once more, right after it', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  for (let i = 0; i < 3; i++) world.heartbeat.soon();
  await world.answer(7);
  assert.equal(world.questions.length, 3);
  await world.answer(7);
  assert.equal(world.questions.length, 3);
});

test('a doorbell that rang before the start asked beside the first question', async () => {
  const world = new World();
  world.heartbeat.soon();
  const started = world.heartbeat.start();
  assert.equal(world.questions.length, 1);
  await world.answer(7);
  await started;
  assert.equal(world.questions.length, 1);
});

test('a change that rang during the first question waited for the next interval', async () => {
  const world = new World();
  const started = world.heartbeat.start();
  world.heartbeat.soon();
  await world.answer(7);
  await started;
  assert.equal(world.questions.length, 2);
  await world.answer(8, { changes: [keyChange(8, 'k')] });
  assert.equal(world.view.applied, 8);
});

test('a page that does not reach the head is followed by the next one at once; only the last proves', async () => {
  const world = await startedAt(0);
  await world.advance(INTERVAL_MS);
  await world.answer(3, { changes: [keyChange(1, 'k'), keyChange(2, 'k')] });
  assert.deepEqual([world.questions.length, world.view.applied, world.view.provenAtMs], [3, 2, 0]);
  assert.equal(world.questions[2]!.beat.after, 2);
  await world.answer(3, { changes: [keyChange(3, 'k')] });
  assert.deepEqual([world.questions.length, world.view.applied, world.view.provenAtMs], [3, 3, INTERVAL_MS]);
});

test('a start that is not answered fails, and says why', async () => {
  const world = new World();
  const refused = assert.rejects(world.heartbeat.start(), /cut/);
  await world.fail();
  await refused;
  assert.deepEqual([world.failures, world.clock.timers], [[], 0]);
});

test('a failure is told, and the next question comes an interval later, also where soon was called', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  for (let i = 1; i <= 3; i++) {
    world.heartbeat.soon();
    await world.fail();
    assert.equal(world.failures.length, i);
    assert.equal(world.questions.length, i + 1);
    await world.advance(INTERVAL_MS);
    assert.equal(world.questions.length, i + 2);
  }
  await world.answer(7);
  assert.equal(world.view.provenAtMs, 3 * INTERVAL_MS + INTERVAL_MS);
});

test('closed, it asks no more, and takes no answer', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  world.heartbeat.close();
  await world.answer(8, { changes: [keyChange(8, 'k')] });
  assert.equal(world.view.applied, 7);
  world.heartbeat.soon();
  await world.advance(10 * INTERVAL_MS);
  assert.deepEqual([world.questions.length, world.clock.timers], [2, 0]);
});

test('closed, it says nothing of a question that fails', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  world.heartbeat.close();
  await world.fail();
  assert.deepEqual([world.failures, world.clock.timers], [[], 0]);
});

test('an answer proves as of when it was asked for, not of when it came', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.advance(900);
  await world.answer(7);
  assert.deepEqual([world.view.provenAtMs, world.proofs], [INTERVAL_MS, [0, INTERVAL_MS]]);
});

test('an answer proves nothing of later than when its server was named the one in force', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.advance(30);
  await world.answer(7, { namedAgeMs: 29 });
  assert.equal(world.view.provenAtMs, INTERVAL_MS);
  await world.advance(INTERVAL_MS);
  await world.answer(7, { namedAgeMs: 100, server: 'b' });
  assert.equal(world.view.provenAtMs, 2 * INTERVAL_MS + 30 - 100);
  assert.deepEqual(world.view.proof, { server: 'b', provenAtMs: 2 * INTERVAL_MS + 30 - 100 });
  assert.equal(world.proofs.at(-1), 2 * INTERVAL_MS + 30 - 100);
});

test('what a server answers that is not in force proves nothing, and its time is not taken', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.answer(8, { inForce: false, nowMs: 99_999, server: 'b', changes: [keyChange(8, 'k')] });
  assert.deepEqual([world.view.provenAtMs, world.proofs, world.view.proof?.server], [0, [0], 'a']);
  assert.equal(world.view.nowMs(0), 0);
});

test('a server of an older epoch was deposed, whatever it says: it proves nothing', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.answer(7, { chain: forkedAt(7), server: 'b' });
  assert.equal(world.view.provenAtMs, INTERVAL_MS);
  await world.advance(INTERVAL_MS);
  await world.answer(9, { chain: CHAIN, server: 'a' });
  assert.deepEqual([world.view.provenAtMs, world.view.proof?.server, world.proofs.length], [INTERVAL_MS, 'b', 2]);
});

test('the first answer of a server that is not in force starts nothing', async () => {
  const world = new World();
  const started = world.heartbeat.start();
  await world.answer(7, { inForce: false });
  await started;
  assert.deepEqual([world.view.chain, world.proofs], [undefined, []]);
});

test('another history is begun at its head, and proven by the answer that told it', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.answer(3, { chain: FOREIGN_CHAIN });
  assert.deepEqual([world.view.applied, world.view.provenAtMs], [3, INTERVAL_MS]);
  assert.equal(world.news.at(-1)?.kind, 'restarted');
});

test('a fork behind the head is asked on at once, and proven by the answer to that', async () => {
  const world = await startedAt(7);
  await world.advance(INTERVAL_MS);
  await world.answer(8, { chain: forkedAt(5), changes: [] });
  assert.deepEqual([world.view.applied, world.view.provenAtMs, world.questions.length], [5, undefined, 3]);
  assert.equal(world.questions[2]!.beat.after, 5);
});
