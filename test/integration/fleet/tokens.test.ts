// Goal: a token of a change on one node makes every other node's reads as fresh as the change, however far behind that
// node is (AtLeastAsFresh). Method: complete nodes over a real Redis; the reading nodes' doorbells are late or lost.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { createNamespace } from '../../support/admin-calls.ts';
import { atLeast, cacheCalls, only, textOf, textValue } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import type { Passage } from '../../support/faulty-partitions.ts';
import { type Fleet, type FleetNode, openFleet, openThree } from '../../support/fleet.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';

/** With lost doorbells a node is behind by up to a heartbeat's interval and this. */
const LATE_BEAT = { lateMs: 400 };
const WRITERS = 10;
const SPREAD = { partitions: 4, spread: 4 } as const;

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

/** Makes nodes learn late what others do. */
function putBehind(nodes: readonly FleetNode[], bells: Passage): void {
  for (const { lanes } of nodes) {
    lanes.bells.passage = bells;
    lanes.beats.passage = LATE_BEAT;
  }
}

/** Writes on the first node and reads on the others with the token, by several writers at once. */
async function pairs(fleet: Fleet, count: number): Promise<void> {
  const [writing, ...reading] = fleet.nodes as [FleetNode, ...FleetNode[]];
  const writer = async (name: number): Promise<void> => {
    for (let round = 0; round < count / WRITERS; round++) {
      const [key, text] = [`k${name % 5}:${name}`, `${name} ${round}`];
      const { token } = await writing.cache.stored(key, text);
      const { cache } = reading[round % reading.length]!;
      assert.equal(textOf(await cache.hit(key, { consistency: atLeast(token) })), text);
      await cache.get(key);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)));
}

for (const [shape, redis] of Object.entries({ 'one partition': {}, 'four partitions': SPREAD })) {
  describe(`over ${shape}`, () => {
    for (const [what, bells] of [
      ['late', { lateMs: 40 }],
      ['lost', 'lost'],
    ] as const) {
      test(`500 reads on nodes whose doorbells are ${what} see what was written elsewhere`, async () => {
        await using fleet = await openThree({ rig, redis });
        putBehind(fleet.nodes.slice(1), bells);
        await pairs(fleet, 500);
      });
    }

    test('tokens of every kind of change are as good, also right after another value was read', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      putBehind([b, c], 'lost');
      for (let round = 0; round < 5; round++) {
        const key = `a:${round}`;
        const readers = [b.cache, c.cache];
        const all = async (token: string, expected: string | undefined): Promise<void> => {
          for (const { get } of readers) {
            const found = await get(key, { consistency: atLeast(token) });
            assert.equal(found.$case === 'hit' ? textOf(found.value) : undefined, expected, `${round}`);
          }
        };
        await all((await a.cache.counted(key, 7n)).token, '7');
        await all((await a.cache.counted(key, 1n)).token, '8');
        await all((await a.cache.delete(key)).token, undefined);
        await all((await a.cache.stored(key, 'v', { tags: ['t'] })).token, 'v');
        await all(await a.cache.remove({ tags: ['t'] }), undefined);
        await all((await a.cache.stored(key, 'w')).token, 'w');
        await all(await a.cache.remove({ prefix: 'a:' }), undefined);
        await all((await a.cache.stored(key, 'x')).token, 'x');
        await all(await a.cache.remove({ keys: [key] }), undefined);
        await all((await a.cache.stored(key, 'y')).token, 'y');
        await all(await a.cache.remove({ all: true }), undefined);
        await all((await a.cache.stored(key, 'z')).token, 'z');
        await all(await a.cache.markStale({ keys: [key] }), undefined);
      }
    });

    test('a touch is seen with its token, and nothing older with that of a touch in vain', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      putBehind([b], 'lost');
      for (let i = 0; i < 8; i++) {
        const key = `k${i}`;
        await a.cache.stored(key, 'v');
        const { revision } = await b.cache.hit(key);
        const touched = only(await a.cache.touch(key), 'touched');
        const seen = await b.cache.hit(key, { consistency: atLeast(touched.token) });
        assert.equal(seen.revision, touched.revision);
        assert.notEqual(seen.revision, revision);
        await a.cache.delete(key);
        const { token } = only(await a.cache.touch(key), 'notTouched');
        await b.cache.miss(key, { consistency: atLeast(token) });
      }
    });

    test('the token of a change that was repeated is as good as that of the first try', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      putBehind([b], 'lost');
      for (let i = 0; i < 8; i++) {
        const [key, requestId] = [`k${i}`, `once ${i}`];
        for (const node of [a, b]) {
          const { token } = await node.cache.stored(key, 'v', { requestId });
          await b.cache.hit(key, { consistency: atLeast(token) });
        }
        for (const node of [a, b]) {
          const { token } = await node.cache.delete(key, { requestId: `${requestId} gone` });
          await b.cache.miss(key, { consistency: atLeast(token) });
        }
      }
    });

    test('the token of a batch makes reads of all its keys fresh, in batches too', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      putBehind([b, c], 'lost');
      const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
      const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
      for (const text of ['1', '2', '3']) {
        const items = keys.map((key) => ({ ...item, key, content: textValue(text) }));
        const { token } = await a.call(CacheServiceService.batchSet, { items });
        const consistency = atLeast(token);
        for (const key of keys) assert.equal(textOf(await b.cache.hit(key, { consistency })), text);
        const { results } = await c.call(CacheServiceService.batchGet, { keys, consistency });
        for (const { result } of results) assert.equal(textOf(only(result!, 'hit')), text);
      }
      const { token } = await a.call(CacheServiceService.batchDelete, { keys });
      const { results } = await c.call(CacheServiceService.batchGet, { keys, consistency: atLeast(token) });
      assert.deepEqual(new Set(results.map(({ result }) => result?.$case)), new Set(['miss']));
    });

    test('several tokens of one read all hold', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      putBehind([c], 'lost');
      const tokens: string[] = [];
      for (let i = 0; i < 8; i++) tokens.push((await (i % 2 === 0 ? a : b).cache.stored(`k${i}`, 'v')).token);
      tokens.push(await a.cache.remove({ prefix: 'none:' }), (await b.cache.miss('none')).fence);
      for (let i = 0; i < 8; i++) await c.cache.hit(`k${i}`, { consistency: atLeast(...tokens) });
    });

    test('a read as fresh as a token of what L1 already has is answered from L1', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      const { token } = await a.cache.stored('k', 'v');
      await b.cache.hit('k', { consistency: atLeast(token) });
      await b.store.caughtUp();
      const { l2 } = b.store.counts;
      for (let i = 0; i < 5; i++) await b.cache.hit('k', { consistency: atLeast(token) });
      assert.equal(b.store.counts.l2, l2);
    });
  });
}

test('a token is refused in another namespace, and by another deployment, saying why', async () => {
  await using fleet = await openFleet({ rig, nodes: 1 });
  await using foreign = await openFleet({ rig, nodes: 1 });
  const [node, other] = [fleet.nodes[0]!, foreign.nodes[0]!];
  await createNamespace(node, 'music');
  const { token } = await node.cache.stored('k', 'v');
  const refused = async (calls: FleetNode['cache']): Promise<string | undefined> => {
    const { reason, code, metadata } = await errorOf(calls.get('k', { consistency: atLeast(token) }));
    assert.deepEqual([reason, code], ['TOKEN_UNUSABLE', status.FAILED_PRECONDITION]);
    return metadata['why'];
  };
  assert.equal(await refused(cacheCalls(node, 'music')), 'OTHER_NAMESPACE');
  assert.equal(await refused(other.cache), 'FOREIGN');
});

test('a node that never hears anything by itself still serves what tokens name', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  b.lanes.bells.passage = 'lost';
  b.lanes.beats.passage = 'held';
  await a.cache.stored('k', 'v1');
  await b.cache.hit('k');
  const { token } = await a.cache.stored('k', 'v2');
  assert.equal(textOf(await b.cache.hit('k', { consistency: atLeast(token) })), 'v2');
});
