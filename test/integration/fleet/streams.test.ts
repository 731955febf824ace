// Goal: a stream on any node tells what happens on all, and goes on at any other with its token, without a gap, a repeat
// or an older change (NoSilentGap, Resumable, Bookmarkable). Method: complete nodes over a real Redis; nodes are put
// behind, join later than the token, or find the log trimmed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { type Event, EventCause, ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../../support/admin-calls.ts';
import {
  atLeast,
  type CacheCalls,
  cacheCalls,
  milliseconds,
  only,
  seconds,
  textOf,
  textValue,
} from '../../support/cache-calls.ts';
import { type Fleet, type FleetNode, openFleet, openThree } from '../../support/fleet.ts';
import { leaseOf, takeLease, underLease } from '../../support/lease-calls.ts';
import { openCluster } from '../../support/redis/cluster.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { calling, metadataOf, subscribe, subscribed } from '../../support/subscriber.ts';
import { until } from '../../support/until.ts';

const SHAPES = { 'one partition': {}, 'four partitions': { partitions: 4, spread: 4 } } as const;
const PATIENCE = { withinMs: 20_000 };

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

function targetsOf(events: readonly Event[]): unknown[] {
  return events.map(({ target }) => target?.value);
}

/** What was told in each partition's order: by key, since a key never moves. */
function byTarget(events: readonly Event[]): Map<string, readonly Event[]> {
  return Map.groupBy(events, ({ target }) => JSON.stringify(target));
}

/** Sets keys of this name, a few hundred in one call: on a busy machine more would come too late to be applied. */
async function setMany({ call }: FleetNode, name: string, count: number): Promise<void> {
  const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  const keys = Array.from({ length: count }, (_, i) => `${name}${i}`);
  while (keys.length > 0) {
    const items = keys.splice(0, 50).map((key) => ({ ...item, key, content: textValue('v') }));
    const { results } = await call(CacheServiceService.batchSet, { items });
    for (const { result } of results) assert.equal(result?.$case, 'stored');
  }
}

/** Every kind of change, each of which is one event. */
const changes: readonly ((cache: CacheCalls) => Promise<unknown>)[] = [
  (cache) => cache.stored('a:k', 'v', { tags: ['t'] }),
  (cache) => cache.counted('n', 1n),
  (cache) => cache.touch('a:k', { ttl: seconds(9) }),
  (cache) => cache.touch('none', { ttl: seconds(9) }),
  (cache) => cache.markStale({ keys: ['a:k'] }),
  (cache) => cache.remove({ keys: ['a:k'] }),
  (cache) => cache.delete('a:k'),
  (cache) => cache.remove({ tags: ['t'] }),
  (cache) => cache.markStale({ prefix: 'a:' }),
  (cache) => cache.remove({ all: true }),
];

async function quiet(node: FleetNode): Promise<void> {
  for (let i = 0; i < 20; i++) await node.cache.release('none', 'none');
}

for (const [shape, redis] of Object.entries(SHAPES)) {
  describe(`over ${shape}`, () => {
    test('every change on one node is told on all, alike', async () => {
      await using fleet = await openThree({ rig, redis });
      using streams = new DisposableStack();
      const all = await Promise.all(fleet.nodes.map((node) => subscribed(node)));
      for (const stream of all) streams.use(stream);
      for (const [index, change] of changes.entries()) await change(fleet.nodes[index % 3]!.cache);
      const [first, ...others] = await Promise.all(all.map((stream) => stream.heard(changes.length)));
      assert.equal(first!.length, changes.length);
      for (const other of others) assert.deepEqual(byTarget(other), byTarget(first!));
    });

    test('a stream that is broken again and again, and resumed on another node each time, hears all once', async () => {
      await using fleet = await openThree({ rig, redis });
      using whole = await subscribed(fleet.nodes[0]);
      let token = whole.token;
      const writing = Promise.all(
        fleet.nodes.map(async ({ cache }, node) => {
          for (let i = 0; i < 60; i++) await cache.stored(`k${node}`, `${i}`);
        }),
      );
      const heard: Event[] = [];
      for (let leg = 0; heard.length < 180; leg++) {
        using part = subscribe(fleet.nodes[leg % 3]!.client, { resumeToken: token });
        await until(() => part.messages.length >= 3, PATIENCE);
        assert.deepEqual(
          part.messages.filter(({ $case }) => $case === 'reset'),
          [],
        );
        heard.push(...part.events);
        token = part.token;
      }
      await writing;
      await whole.heard(180);
      assert.deepEqual(byTarget(heard), byTarget(whole.events));
    });

    test('a node that lags behind a token waits, then sends nothing older', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      using first = await subscribed(a);
      b.lanes.bells.passage = 'lost';
      b.lanes.beats.passage = 'held';
      for (let i = 0; i < 20; i++) await a.cache.stored(`old${i}`, 'v');
      await first.heard(20);
      using resumed = subscribe(b.client, { resumeToken: first.token });
      await until(() => b.lanes.beats.held > 0, { what: 'a question about what is missing' });
      await a.cache.stored('new', 'v');
      await quiet(b);
      assert.deepEqual(resumed.messages, []);
      b.lanes.beats.release();
      await resumed.next('ready');
      assert.deepEqual(targetsOf(await resumed.heard(1)), ['new']);
      await b.cache.stored('newer', 'v');
      assert.deepEqual(targetsOf(await resumed.heard(2)), ['new', 'newer']);
    });

    test('a node that joined later than the token replays from Redis, in pages, while others write', async () => {
      await using fleet = await openFleet({ rig, redis, nodes: 1 });
      const [a] = fleet.nodes as [FleetNode];
      using whole = await subscribed(a);
      const { token } = whole;
      await setMany(a, 'k', 2000);
      const late = await fleet.add();
      using resumed = subscribe(late.client, { resumeToken: token });
      await setMany(a, 'l', 1000);
      const [told, again] = await Promise.all([whole.heard(3000), resumed.heard(3000)]);
      assert.ok(late.lanes.pages.begun >= 2000 / 512, `${late.lanes.pages.begun} pages`);
      assert.deepEqual(byTarget(again), byTarget(told));
      assert.deepEqual(
        resumed.messages.filter(({ $case }) => $case === 'reset'),
        [],
      );
    });

    test('what the log no longer reaches is a Reset, and all after it is told', async () => {
      await using fleet = await openFleet({ rig, redis: { ...redis, limits: { logChangesMax: 200 } }, nodes: 1 });
      const [a] = fleet.nodes as [FleetNode];
      const { token } = await subscribed(a);
      await setMany(a, 'k', 2000);
      const late = await fleet.add();
      using resumed = subscribe(late.client, { resumeToken: token });
      await until(() => resumed.messages.some(({ $case }) => $case === 'reset'), PATIENCE);
      const reset = resumed.messages.find(({ $case }) => $case === 'reset');
      assert.equal(reset?.$case === 'reset' && reset.value.reason, ResetReason.HISTORY_GONE);
      const before = resumed.events.length;
      await a.cache.stored('new', 'v');
      await until(() => resumed.events.length > before, PATIENCE);
      assert.deepEqual(targetsOf(resumed.events.slice(before)), ['new']);
      using onFirst = subscribe(a.client, { resumeToken: token });
      assert.equal((await onFirst.heard(2001)).length, 2001, 'the node that was there has it in memory');
    });

    test('a node that falls behind further than the log reaches tells its streams, and serves nothing old', async () => {
      await using fleet = await openFleet({ rig, redis: { ...redis, limits: { logChangesMax: 200 } }, nodes: 2 });
      const [a, b] = fleet.nodes as [FleetNode, FleetNode];
      await a.cache.stored('k', 'old');
      await b.cache.hit('k');
      using stream = await subscribed(b);
      b.lanes.bells.passage = 'lost';
      b.lanes.beats.passage = 'held';
      const id = await takeLease(a.cache, 'cold', 60);
      const { begun } = b.lanes.leases;
      const waiter = b.cache.get('cold', leaseOf({ holdS: 60, waitS: 30 }), { deadline: Date.now() + 60_000 });
      await until(() => b.lanes.leases.begun > begun, { what: 'a caller who waits' });
      await a.cache.stored('cold', 'computed', underLease(id));
      await a.cache.stored('k', 'new');
      await setMany(a, 'n', 2000);
      b.lanes.beats.release();
      await b.store.caughtUp();
      await until(() => stream.messages.some(({ $case }) => $case === 'reset'), PATIENCE);
      assert.equal(textOf(await b.cache.hit('k')), 'new');
      assert.equal(textOf(only(await waiter, 'hit')), 'computed');
      const before = stream.events.length;
      await a.cache.stored('after', 'v');
      await until(() => stream.events.length > before, PATIENCE);
      assert.deepEqual(targetsOf(stream.events.slice(before)), ['after']);
    });

    test('changes whose doorbells are lost, or that come late, are told completely and in order', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      using onB = await subscribed(b);
      using onC = await subscribed(c);
      b.lanes.bells.passage = 'lost';
      c.lanes.bells.passage = { lateMs: 30 };
      for (let i = 0; i < 200; i++) await a.cache.stored('k', `${i}`);
      const [told, late] = await Promise.all([onB.heard(200), onC.heard(200)]);
      assert.equal(new Set(told.map(({ revision }) => revision)).size, 200);
      assert.deepEqual(late, told);
    });

    test('Progress on one node is a bookmark on every other', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      using filtered = await subscribed(b, { keys: ['mine'], progressInterval: milliseconds(100) });
      const { token: early } = filtered;
      const { token: written } = await a.cache.stored('other', 'v');
      await b.store.caughtUp();
      await until(() => filtered.token !== early);
      await until(() => filtered.messages.filter(({ $case }) => $case === 'progress').length > 1);
      const { token } = filtered;
      assert.notEqual(written, token);
      await a.cache.stored('after', 'v');
      using resumed = subscribe(c.client, { resumeToken: token });
      assert.deepEqual(targetsOf(await resumed.heard(1)), ['after']);
    });
  });
}

test('filters hold for what happens on other nodes', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  using byPrefix = await subscribed(b, { prefixes: ['a:'] });
  using byTag = await subscribed(b, { tags: ['t'] });
  using byKey = await subscribed(b, { keys: ['a:1'] });
  using byCause = await subscribed(b, { causes: [EventCause.DELETE] });
  await a.cache.stored('a:1', 'v');
  await a.cache.stored('b:1', 'v', { tags: ['t'] });
  await a.cache.stored('a:2', 'v');
  await a.cache.delete('b:1');
  await a.cache.remove({ tags: ['t'] });
  await a.cache.remove({ all: true });
  assert.deepEqual(targetsOf(await byPrefix.heard(4)), ['a:1', 'a:2', 't', {}]);
  assert.deepEqual(targetsOf(await byTag.heard(4)), ['b:1', 'b:1', 't', {}]);
  assert.deepEqual(targetsOf(await byKey.heard(3)), ['a:1', 't', {}]);
  assert.deepEqual(targetsOf(await byCause.heard(1)), ['b:1']);
});

test('who named himself does not hear his own changes on another node, unless he asks', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  const mine = { 'reprise-origin': 'me' };
  using without = await subscribed(b, {}, { metadata: metadataOf(mine) });
  using including = await subscribed(b, { includeOwn: true }, { metadata: metadataOf(mine) });
  await cacheCalls(calling(a, mine)).stored('own', 'v');
  await a.cache.stored('other', 'v');
  assert.deepEqual(targetsOf(await including.heard(2)), ['own', 'other']);
  assert.deepEqual(targetsOf(await without.heard(1)), ['other']);
});

test('a wide invalidation is told to the streams of all nodes', async () => {
  await using fleet: Fleet = await openThree({ rig });
  using streams = new DisposableStack();
  const open = fleet.nodes.flatMap((node) =>
    [{}, { prefixes: ['a:'] }, { keys: ['a:1'] }].map((f) => subscribed(node, f)),
  );
  const all = await Promise.all(open);
  for (const stream of all) streams.use(stream);
  await fleet.nodes[1]!.cache.remove({ all: true });
  for (const stream of all) {
    const [event] = await stream.heard(1);
    assert.equal(event?.cause, EventCause.NAMESPACE);
  }
});

test('a node that stops sends its streams away with a token that is good on another', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  using first = await subscribed(a);
  await b.cache.stored('k1', 'v');
  await first.heard(1);
  const stopped = a.stop();
  await until(() => first.messages.at(-1)?.$case === 'goingAway');
  await b.cache.stored('k2', 'v');
  using second = subscribe(b.client, { resumeToken: first.token });
  assert.deepEqual(targetsOf(await second.heard(1)), ['k2']);
  await stopped;
});

test('the token of another namespace, or of another deployment, is a Reset', async () => {
  await using fleet = await openFleet({ rig, nodes: 1 });
  await using foreign = await openFleet({ rig, nodes: 1 });
  const [node, other] = [fleet.nodes[0]!, foreign.nodes[0]!];
  await createNamespace(node, 'music');
  const { token } = await cacheCalls(node, 'music').stored('k', 'v');
  for (const { client } of [node, other]) {
    using stream = subscribe(client, { resumeToken: token });
    assert.equal((await stream.next('reset')).reason, ResetReason.TOKEN_UNUSABLE);
    await stream.next('ready');
  }
});

test('a doorbell whose connection is cut again and again loses no change', async () => {
  await using own = await openStandalone();
  await using fleet = await openFleet({ rig: own, nodes: 2 });
  const [a, b] = fleet.nodes as [FleetNode, FleetNode];
  using stream = await subscribed(b);
  for (let i = 0; i < 300; i++) {
    await a.cache.stored(`k${i}`, 'v');
    if (i % 60 === 30) await own.servers[0]!.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  }
  const expected = Array.from({ length: 300 }, (_, i) => `k${i}`);
  assert.deepEqual(targetsOf(await stream.heard(300)), expected);
});

test('over a Cluster, tokens and streams of one node are good on the others', async () => {
  await using cluster = await openCluster();
  await using fleet = await openThree({ rig: cluster, redis: { partitions: 256, spread: 16 } });
  const [a, b, c] = fleet.nodes;
  b.lanes.bells.passage = 'lost';
  using whole = await subscribed(b);
  const { token: start } = whole;
  for (let i = 0; i < 100; i++) {
    const { token } = await a.cache.stored(`k${i}`, `${i}`);
    for (const { cache } of [b, c]) {
      assert.equal(textOf(await cache.hit(`k${i}`, { consistency: atLeast(token) })), `${i}`);
    }
  }
  const token = await c.cache.remove({ all: true });
  for (let i = 0; i < 100; i++) await b.cache.miss(`k${i}`, { consistency: atLeast(token) });
  using resumed = subscribe(c.client, { resumeToken: start });
  const [told, again] = await Promise.all([whole.heard(101), resumed.heard(101)]);
  assert.deepEqual(byTarget(again), byTarget(told));
});
