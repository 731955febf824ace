// Goal: a node serves nothing of a history that is gone, and a change of history that lost nothing costs nothing. Method:
// one Redis that is emptied, robbed of its control keys, restarted with and without its data and with data of another time
// and place, and given a first replica.
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import { NS, put, refOf, textOf } from '../../suite/store/store-harness.ts';
import { freshPrefix } from '../../support/open-tiered-store.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import { untilInfo } from '../../support/redis/primaries.ts';
import { type RedisProcess, startRedis } from '../../support/redis/redis-process.ts';
import type { RedisRig, RigOptions } from '../../support/redis/rig.ts';
import { isHeld, newsOf, openStoreNode, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';

/** A node over a server whose history changes. */
interface Bench extends AsyncDisposable {
  readonly node: StoreNode;
  readonly rig: RedisRig;
  readonly server: RedisProcess;
  readonly prefix: string;
}

// Permits outlast what happens, so that what leaves L1 leaves it for the history's sake.
const TIERED = { heartbeatMs: 50, maxLagMs: 10_000 };

async function openBench(options: RigOptions = {}): Promise<Bench> {
  await using opening = new AsyncDisposableStack();
  const rig = opening.use(await openRig('standalone', options));
  const prefix = freshPrefix(rig);
  const node = opening.use(await openStoreNode(rig, { prefix, tiered: TIERED }));
  const owned = opening.move();
  return { node, rig, server: rig.servers[0]!, prefix, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Sets a key and waits until L1 holds it and the tail has come to it: a fork is told no later than that. Returns the change. */
async function putAndHold(node: StoreNode, key: string) {
  const change = await put(node.store, key);
  const hasCome = (): boolean => node.store.heads()[0]!.position.number >= change.position.number;
  await until(hasCome, { what: `the change of ${key}` });
  await untilPermitted(node);
  await until(async () => (await textAt(node, key)) !== undefined && isHeld(node, key), { what: `${key} in L1` });
  return change;
}

function readAtLeast({ store }: StoreNode, key: string, moment: Moment) {
  return store.read(refOf(key), { kind: 'at-least', moment });
}

function unusable(why: string) {
  return { reason: 'TOKEN_UNUSABLE', detail: { metadata: { why } } };
}

/** Checks that a node has begun anew: nothing of before is served, no token of before is honoured. */
async function assertRestarted(node: StoreNode, key: string, moment: Moment): Promise<void> {
  await until(() => newsOf(node, 'restarted').length > 0, { what: 'the news of the restart' });
  await untilPermitted(node);
  assert.ok(!isHeld(node, key), 'L1 is empty');
  assert.equal(await textAt(node, key), undefined);
  await assert.rejects(async () => readAtLeast(node, key, moment), unusable('UNKNOWN_EPOCH'));
  const { signal } = new AbortController();
  assert.equal(await node.store.resumable(moment, signal), undefined);
  assert.equal(newsOf(node, 'restarted').length, 1);
  assert.deepEqual(newsOf(node, 'forked'), []);
  const { position } = await put(node.store, 'new');
  assert.notEqual(position.epoch, moment[0]!.position.epoch);
  assert.equal(await textAt(node, 'new'), 'value of new');
}

/** Waits until a node is in another epoch than it was, and may serve again. */
async function untilForked(node: StoreNode, before: Epoch) {
  await until(() => node.store.chain(0).epoch !== before, { what: 'another epoch' });
  await untilPermitted(node);
  return newsOf(node, 'forked').at(-1)!;
}

describe('a history that is gone', { concurrency: true }, () => {
  // R12: the replication id stays.
  test('by FLUSHALL is not served any more', async () => {
    await using bench = await openBench();
    const { moment } = await putAndHold(bench.node, 'k');
    await bench.rig.flush();
    await assertRestarted(bench.node, 'k', moment);
  });

  // Lesson 7: by the hand of somebody else.
  for (const command of ['FLUSHDB', 'SWAPDB 0 1']) {
    test(`by ${command} is not served any more`, async () => {
      await using bench = await openBench();
      const { moment } = await putAndHold(bench.node, 'k');
      const [name, ...args] = command.split(' ');
      await bench.server.command(name!, ...args);
      await assertRestarted(bench.node, 'k', moment);
    });
  }

  // R13, lesson 38: what the records say is of no history that anybody remembers.
  test('by a control key that was evicted is not served any more, though the records are there', async () => {
    await using bench = await openBench();
    const { moment } = await putAndHold(bench.node, 'k');
    await bench.server.command('DEL', `${bench.prefix}{0}:meta`);
    await assertRestarted(bench.node, 'k', moment);
  });

  // Reliability § 2, C1.
  test('by a restart without persistence is not served any more', async () => {
    await using bench = await openBench();
    const { moment } = await putAndHold(bench.node, 'k');
    await bench.server.restart();
    await assertRestarted(bench.node, 'k', moment);
  });

  // Reliability § 2, C1: the data of another deployment under the same names.
  test('by a dataset of another place is not served any more, and nothing of that place passes for it', async () => {
    await using bench = await openBench();
    const { node, server, prefix } = bench;
    await using other = await startRedis();
    const otherRig = { ...bench.rig, url: other.url };
    const elsewhere = await openStoreNode(otherRig, { prefix, tiered: TIERED });
    for (let i = 0; i < 20; i++) await put(elsewhere.store, 'k', { value: Buffer.from('of another place') });
    await elsewhere.store.close();
    await other.command('SAVE');
    const { moment } = await putAndHold(node, 'k');
    await replaceDataset(server, other);
    await until(() => newsOf(node, 'restarted').length > 0, { what: 'the news of the restart' });
    await untilPermitted(node);
    await assert.rejects(async () => readAtLeast(node, 'k', moment), unusable('UNKNOWN_EPOCH'));
    // It is what the store holds, now.
    assert.equal(await textAt(node, 'k'), 'of another place');
    assert.deepEqual(newsOf(node, 'forked'), []);
  });
});

describe('a history that went back', { concurrency: true }, () => {
  // R7, reliability § 2, C1: an RDB of an hour ago.
  test('to a dataset of another time forks there', async () => {
    await using bench = await openBench();
    const { node, server } = bench;
    await putAndHold(node, 'k');
    const saved = await putAndHold(node, 'saved');
    await server.command('SAVE');
    const lost = await put(node.store, 'k', { value: Buffer.from('lost') });
    await putAndHold(node, 'lost');
    await server.restart();
    const forked = await untilForked(node, saved.position.epoch);
    assert.equal(forked.fork, saved.position.number);
    assert.ok(isHeld(node, 'saved'));
    assert.ok(!isHeld(node, 'lost') && !isHeld(node, 'k'));
    assert.equal(await textAt(node, 'lost'), undefined);
    assert.equal(await textAt(node, 'k'), 'value of k');
    await assert.rejects(async () => readAtLeast(node, 'k', lost.moment), unusable('BEYOND_FORK'));
    assert.equal(textOf((await readAtLeast(node, 'saved', saved.moment)).entry?.value), 'value of saved');
    const { signal } = new AbortController();
    assert.equal(await node.store.resumable(lost.moment, signal), undefined);
    assert.equal((await node.store.resumable(saved.moment, signal))?.[0]?.position.number, saved.position.number);
    assert.deepEqual(newsOf(node, 'restarted'), []);
  });

  // Several times, into what it had been before: the forks add up.
  test('again and again shares only what all of it shares', async () => {
    await using bench = await openBench();
    const { node, server } = bench;
    const saved = await putAndHold(node, 'saved');
    await server.command('SAVE');
    for (let i = 0; i < 3; i++) {
      const { epoch } = node.store.chain(0);
      const lost = await putAndHold(node, `lost ${i}`);
      await server.restart();
      // The dump knows nothing of the epochs that came after it: neither history contains the other, from the second on.
      await until(() => node.store.chain(0).epoch !== epoch, { what: 'another epoch' });
      await untilPermitted(node);
      assert.ok(!isHeld(node, `lost ${i}`));
      assert.equal(await textAt(node, `lost ${i}`), undefined);
      const why = i === 0 ? 'BEYOND_FORK' : 'UNKNOWN_EPOCH';
      await assert.rejects(async () => readAtLeast(node, 'k', lost.moment), unusable(why));
      assert.equal(textOf((await readAtLeast(node, 'saved', saved.moment)).entry?.value), 'value of saved');
    }
    assert.deepEqual([newsOf(node, 'forked').length, newsOf(node, 'restarted').length], [1, 2]);
  });
});

describe('a change of history that lost nothing', { concurrency: true }, () => {
  /** Checks that nobody noticed but by name. */
  async function assertNoticedByNobody(node: StoreNode, head: number, moments: readonly Moment[]): Promise<void> {
    for (const { fork } of newsOf(node, 'forked')) assert.ok(fork >= head, `${fork} < ${head}`);
    assert.deepEqual(newsOf(node, 'restarted'), []);
    assert.ok(isHeld(node, 'k') && isHeld(node, 'l'), 'no entry leaves L1');
    const { signal } = new AbortController();
    for (const moment of moments) {
      assert.equal(textOf((await readAtLeast(node, 'k', moment)).entry?.value), 'value of k');
      assert.equal((await node.store.resumable(moment, signal))?.[0]?.position.number, moment[0]!.position.number);
    }
  }

  // Reliability § 2, C6.
  test('a restart with an append-only file', async () => {
    await using bench = await openBench({ save: true });
    const { node, server } = bench;
    const k = await putAndHold(node, 'k');
    const l = await putAndHold(node, 'l');
    await server.restart();
    const { fork } = await untilForked(node, k.position.epoch);
    assert.equal(fork, l.position.number);
    await assertNoticedByNobody(node, l.position.number, [k.moment, l.moment]);
  });

  // R13, lesson 38: what says that something is invalid has no expiry, and only what expires is evicted.
  test('a full memory evicts entries, and no watermark', async () => {
    await using bench = await openBench({ config: ['maxmemory 8mb', 'maxmemory-policy volatile-lru'] });
    const { node, server } = bench;
    const { epoch } = (await put(node.store, 'k', { tags: ['t'] })).position;
    await node.store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
    const value = Buffer.alloc(50_000);
    for (let i = 0; i < 400; i++) {
      await put(node.store, `filling ${i}`, { value });
      // In use, so that it is not evicted.
      assert.equal(await textAt(node, 'k'), undefined);
    }
    const stats = String(await server.command('INFO', 'stats'));
    assert.ok(Number(/evicted_keys:(\d+)/.exec(stats)![1]) > 100);
    assert.equal((await put(node.store, 'after')).position.epoch, epoch);
    assert.equal(await server.command('HEXISTS', `${bench.prefix}{0}:w:${NS}`, 'tt'), 1);
    assert.deepEqual([newsOf(node, 'forked'), newsOf(node, 'restarted')], [[], []]);
  });

  // A lone primary takes another id when its first replica comes, and when it is alone again for long enough.
  test('a first replica that comes and goes', async () => {
    await using bench = await openBench({ config: ['repl-backlog-ttl 1'] });
    const { node, server } = bench;
    const k = await putAndHold(node, 'k');
    const l = await putAndHold(node, 'l');
    await using replica = await startRedis();
    await replica.command('REPLICAOF', '127.0.0.1', server.port);
    await untilInfo(replica, 'replication', 'master_link_status:up');
    const first = await untilForked(node, k.position.epoch);
    assert.equal(first.fork, l.position.number);
    await assertNoticedByNobody(node, l.position.number, [k.moment, l.moment]);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    const second = await untilForked(node, first.epoch);
    assert.equal(second.fork, l.position.number + 1);
    await assertNoticedByNobody(node, l.position.number, [k.moment, l.moment]);
    assert.equal(newsOf(node, 'forked').length, 2);
  });
});

/** Puts the dump of one server in the place of another's data. */
async function replaceDataset(server: RedisProcess, from: RedisProcess): Promise<void> {
  const directoryOf = async (each: RedisProcess): Promise<string> =>
    ((await each.command('CONFIG', 'GET', 'dir')) as string[])[1]!;
  const [source, target] = [await directoryOf(from), await directoryOf(server)];
  await server.kill();
  await copyFile(join(source, 'dump.rdb'), join(target, 'dump.rdb'));
  await server.start();
}
