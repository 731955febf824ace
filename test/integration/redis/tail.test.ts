// Goal: whatever happens to doorbells, a node's tail tells every change once and in order, or says that it can't. Method:
// two nodes over one Redis; bells that never ring, heartbeats that only come when the test says so, and short logs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PartitionStore } from '../../../src/store/partition-store.ts';
import type { TieredStore } from '../../../src/store/tiered/tiered-store.ts';
import { NS, put } from '../../suite/store/store-harness.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { freshPrefix, type TieredOptions } from '../../support/open-tiered-store.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { isHeld, newsOf, nextNews, openStoreNode, textAt, toldKeys, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';
import { replaceParts, withoutBells } from '../../support/wrap-partitions.ts';

/** Heartbeats come when they are asked for, and permits last for as long as the test. */
const SELDOM = { heartbeatMs: 600_000, maxLagMs: 600_000 };

let rig: RedisRig;
before(async () => {
  rig = await openRig('standalone');
});
after(() => rig.stop());

function optionsOf(parts: Omit<TieredOptions, 'prefix'> = {}): TieredOptions {
  return { prefix: freshPrefix(rig), tiered: SELDOM, ...parts };
}

/** What a node registered: the time in 6 bytes; from its second heartbeat on the number that it has applied, too. */
const APPLIED_OF = `
  local told = redis.call('HGET', KEYS[1], ARGV[1])
  return struct.unpack('>I6', told, 13)`;

const keysOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${index}`);

// A few hundred at a time: more would wait for longer than a change may be on its way.
async function putAll(store: TieredStore, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 200) {
    await Promise.all(keys.slice(from, from + 200).map((key) => put(store, key)));
  }
}

describe('a tail', () => {
  // Lessons 3 and 4, R3.
  test('is told by the doorbell of another node’s change, at once, and drops what it overtakes', async () => {
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, options);
    await put(a.store, 'k', { value: Buffer.from('1') });
    await until(() => toldKeys(b).length === 1);
    assert.equal(await textAt(b, 'k'), '1');
    await untilPermitted(b);
    assert.ok(isHeld(b, 'k'));
    await put(a.store, 'k', { value: Buffer.from('2') });
    await until(() => toldKeys(b).length === 2);
    assert.equal(await textAt(b, 'k'), '2');
    assert.equal(newsOf(b, 'changed')[1]!.change.position.number, newsOf(a, 'changed')[1]!.change.position.number);
  });

  // Lesson 1, R19.
  test('learns of a change whose doorbell was lost by the next heartbeat', async () => {
    const clock = new ManualClock();
    let beats = 0;
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, {
      ...options,
      tiered: { clock, heartbeatMs: 250, maxLagMs: 1000 },
      wrap: (partitions) =>
        replaceParts(withoutBells(partitions), {
          beat: (partition, beat) => {
            beats++;
            return partitions.beat(partition, beat);
          },
        }),
    });
    const sent = beats;
    await put(a.store, 'k');
    clock.advance(249);
    assert.equal(beats, sent);
    clock.advance(1);
    assert.equal(beats, sent + 1);
    await until(() => toldKeys(b).length === 1);
  });

  // Lessons 1 and 19, R18.
  test('that is several thousand changes behind catches up page by page, all told in order, none twice', async () => {
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, { ...options, wrap: withoutBells });
    const from = b.store.heads()[0]!.position.number;
    const keys = keysOf(3333);
    await putAll(a.store, keys);
    assert.deepEqual(newsOf(b, 'changed'), []);
    await b.store.caughtUp();
    const numbers = newsOf(b, 'changed').map(({ change }) => change.position.number);
    assert.deepEqual(
      numbers,
      keys.map((_, index) => from + 1 + index),
    );
    assert.deepEqual(toldKeys(b).sort(), keys.sort());
    assert.deepEqual(newsOf(b, 'restarted'), []);
  });

  // R19: changes come by bell and by page at the same time.
  test('that is told by bells while it catches up tells nothing twice', async () => {
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, { ...options, tiered: { heartbeatMs: 1, maxLagMs: 1000 } });
    const from = b.store.heads()[0]!.position.number;
    await putAll(a.store, keysOf(2000));
    await b.store.caughtUp();
    const numbers = newsOf(b, 'changed').map(({ change }) => change.position.number);
    assert.deepEqual(
      numbers,
      Array.from({ length: 2000 }, (_, index) => from + 1 + index),
    );
  });

  // R6: a tail that overlooks it would keep what the trimmed changes should have dropped.
  test('whose log was trimmed begins anew, with nothing in L1', async () => {
    const options = optionsOf({ redis: { limits: { logChangesMax: 100 } } });
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, { ...options, wrap: withoutBells });
    const kept = (await put(a.store, 'kept')).position;
    await b.store.caughtUp();
    assert.equal(await textAt(b, 'kept'), 'value of kept');
    await untilPermitted(b);
    assert.ok(isHeld(b, 'kept'));
    await putAll(a.store, keysOf(1000));
    const restarted = nextNews(b, 'restarted');
    await b.store.caughtUp();
    assert.equal((await restarted).position.epoch, kept.epoch);
    assert.ok((await restarted).position.number >= kept.number + 1000);
    assert.equal((await b.store.usage(NS)).weightBytes, 0);
    await untilPermitted(b);
    assert.equal(isHeld(b, 'kept'), false);
    assert.equal(await textAt(b, 'kept'), 'value of kept');
    assert.equal(newsOf(b, 'restarted').length, 1);
  });

  // R13: the log itself is gone, and the tail can't know what it missed.
  test('whose log is gone begins anew, and one that was at its end does not notice', async () => {
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    await using b = await openStoreNode(rig, { ...options, wrap: withoutBells });
    await put(a.store, 'k');
    await rig.servers[0]!.command('DEL', `${options.prefix}{0}:log`);
    await put(a.store, 'k');
    await b.store.caughtUp();
    assert.equal(newsOf(b, 'restarted').length, 1);
    assert.deepEqual(newsOf(a, 'restarted'), []);
  });

  // Lesson 2: a first position of 1 would make everything before it a hole.
  test('begins where the log is, and tells nothing of what was before', async () => {
    const options = optionsOf();
    await using a = await openStoreNode(rig, options);
    const { position } = await put(a.store, 'k');
    await using b = await openStoreNode(rig, options);
    assert.deepEqual(b.store.heads(), [{ partition: 0, position }]);
    assert.deepEqual(b.news, []);
    assert.equal(await textAt(b, 'k'), 'value of k');
  });
});

// A node that is stopped must not log its own end as a failure of the store.
test('a node that is closed while a heartbeat is on its way tells no failure', async () => {
  const failures: unknown[] = [];
  const options = optionsOf({ tiered: { heartbeatMs: 1, maxLagMs: 1000, onFailure: (cause) => failures.push(cause) } });
  const beats: Promise<unknown>[] = [];
  const node = await openStoreNode(rig, {
    ...options,
    wrap: (partitions) =>
      replaceParts(partitions, {
        beat: (partition, beat) => {
          const answer = partitions.beat(partition, beat);
          beats.push(answer);
          return answer;
        },
      }),
  });
  const before = beats.length;
  await until(() => beats.length > before);
  await node.store.close();
  await Promise.allSettled(beats);
  assert.deepEqual(failures, []);
});

test('a node is registered with what it has applied, and forgotten when it is gone', async () => {
  let passedMs = 0;
  const options: TieredOptions = {
    prefix: freshPrefix(rig),
    redis: { timeOffsetMs: () => passedMs },
    tiered: { heartbeatMs: 20 },
  };
  const nodesKey = `${options.prefix}{0}:nodes`;
  const registered = async (): Promise<string[]> => {
    const flat = (await rig.servers[0]!.command('HKEYS', nodesKey)) as string[];
    return flat.filter((field) => field !== 'since').sort();
  };
  // As one that is killed: it does not take itself off the list.
  const killed = (partitions: PartitionStore) => replaceParts(partitions, { leave: async () => {} });
  await using a = await openStoreNode(rig, { ...options, wrap: killed });
  const [nameOfA] = await registered();
  const { position } = await put(a.store, 'k');
  await until(async () => {
    return (await rig.servers[0]!.command('EVAL', APPLIED_OF, 1, nodesKey, nameOfA!)) === position.number;
  });
  await a.store.close();
  await using b = await openStoreNode(rig, options);
  await until(async () => (await registered()).length === 2);
  passedMs = 61_000;
  await b.store.caughtUp();
  await using c = await openStoreNode(rig, options);
  await until(async () => !(await registered()).includes(nameOfA!));
  await c.store.caughtUp();
  assert.equal((await registered()).length, 2);
});
