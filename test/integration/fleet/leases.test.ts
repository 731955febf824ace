// Goal: of all callers of all nodes that miss a key one computes it, the others are woken by its Set, and a winner who was
// overtaken stores nothing (OneFiller, NoResurrection). Method: complete nodes over a real Redis; computations are counted;
// leases are held for so long that whoever is answered in time was woken by a change.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NotStoredReason } from '../../../src/gen/reprise/v1/entry.ts';
import { atLeast, type CacheCalls, milliseconds, only, seconds, textOf } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import { type Fleet, type FleetNode, openFleet, openThree } from '../../support/fleet.ts';
import { connectMany, leaseIn, leaseOf, takeLease, underLease } from '../../support/lease-calls.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { until } from '../../support/until.ts';

const SHAPES = { 'one partition': {}, 'four partitions': { partitions: 4, spread: 4 } } as const;
/** Whoever needs so long was not woken. */
const HOLD_S = 60;
const PROMPT_MS = 5000;

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

/** What callers who compute what they miss have done. */
interface Computations {
  count: number;
}

/** Returns the value of a key: computes it if asked to. */
async function getOrCompute(
  cache: CacheCalls,
  key: string,
  done: Computations,
  ready: () => Promise<unknown> = async () => undefined,
): Promise<string> {
  const calling = { deadline: Date.now() + HOLD_S * 1000 };
  const found = await cache.get(key, leaseOf({ holdS: HOLD_S, waitS: 30 }), calling);
  if (found.$case === 'hit') return textOf(found.value);
  const text = `computation ${++done.count}`;
  await ready();
  await cache.stored(key, text, underLease(leaseIn(found)));
  return text;
}

/** Returns the calls of connections to each node. */
function connectAll(fleet: Fleet, connections: number): Disposable & { caches: CacheCalls[] } {
  const all = fleet.nodes.map(({ address }) => connectMany(address, connections));
  const close = (): void => {
    for (const many of all) many[Symbol.dispose]();
  };
  return { caches: all.flatMap(({ caches }) => caches), [Symbol.dispose]: close };
}

function asked({ nodes }: Fleet): number {
  return nodes.reduce((sum, { lanes }) => sum + lanes.leases.begun, 0);
}

for (const [shape, redis] of Object.entries(SHAPES)) {
  describe(`over ${shape}`, () => {
    test('1500 callers on a cold key, 500 on each of three nodes, cost one computation', async () => {
      await using fleet = await openThree({ rig, redis });
      using many = connectAll(fleet, 2);
      const done = { count: 0 };
      // The value is ready when everybody has asked, so that all the others wait.
      const allAsked = (count: number): Promise<void> =>
        until(() => asked(fleet) >= count, { withinMs: 30_000, what: `${count} callers` });
      const callers: Promise<string>[] = [];
      while (callers.length < 1500) {
        const compute = (i: number) => getOrCompute(many.caches[i % 6]!, 'k', done, () => allAsked(1500));
        callers.push(...Array.from({ length: 150 }, (_, i) => compute(i)));
        await allAsked(callers.length);
      }
      const texts = await Promise.all(callers);
      assert.equal(done.count, 1);
      assert.deepEqual(new Set(texts), new Set(['computation 1']));
      assert.equal(asked(fleet), 1500, 'nobody asked twice: the wait ended because of the Set');
      for (const { store } of fleet.nodes) assert.ok(store.counts.l2 < 30, 'those who wait read together');
    });

    test('callers who come while a quick computation ends wait no longer than for it, and compute nothing', async () => {
      await using fleet = await openThree({ rig, redis });
      using many = connectAll(fleet, 1);
      const startedAtMs = performance.now();
      for (let round = 0; round < 15; round++) {
        const done = { count: 0 };
        const callers = Array.from({ length: 60 }, (_, i) => getOrCompute(many.caches[i % 3]!, `k${round}`, done));
        assert.equal(new Set(await Promise.all(callers)).size, 1);
        assert.equal(done.count, 1, `round ${round}`);
      }
      assert.ok(performance.now() - startedAtMs < (HOLD_S * 1000) / 4);
    });
  });
}

/** Starts callers who wait, one on each of the other nodes. */
async function waitElsewhere(fleet: Fleet & { nodes: readonly FleetNode[] }, key: string) {
  const others = fleet.nodes.slice(1);
  const before = asked(fleet);
  const waiters = others.map(({ cache }) => cache.get(key, leaseOf({ holdS: HOLD_S, waitS: 30 })));
  await until(() => asked(fleet) >= before + waiters.length, { what: 'callers who wait' });
  return waiters;
}

async function promptly<T>(run: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const result = await run();
  assert.ok(performance.now() - startedAtMs < PROMPT_MS);
  return result;
}

test('who waits on another node is woken by the Set, also where its doorbell is lost', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  b.lanes.bells.passage = 'lost';
  const id = await takeLease(a.cache, 'k', HOLD_S);
  const waiters = await waitElsewhere(fleet, 'k');
  await a.cache.stored('k', 'v', underLease(id));
  const found = await promptly(() => Promise.all(waiters));
  assert.deepEqual(
    found.map((each) => textOf(only(each, 'hit'))),
    ['v', 'v'],
  );
});

test('a Set that comes while another node is told that the lease is held wakes whoever was told', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  const id = await takeLease(a.cache, 'k', HOLD_S);
  b.lanes.leases.passage = 'held';
  const waiter = b.cache.get('k', leaseOf({ holdS: HOLD_S, waitS: 30 }));
  await until(() => b.lanes.leases.held === 1, { what: 'the answer that the lease is held' });
  await a.cache.stored('k', 'v', underLease(id));
  await b.store.caughtUp();
  b.lanes.leases.release();
  assert.equal(textOf(only(await promptly(() => waiter), 'hit')), 'v');
});

for (const [what, selector] of Object.entries({ prefix: { prefix: 'a:' }, namespace: { all: true } as const })) {
  test(`an invalidation of the ${what} while a node is told that the lease is held is heard too`, async () => {
    await using fleet = await openThree({ rig });
    const [a, b] = fleet.nodes;
    await takeLease(a.cache, 'a:k', HOLD_S);
    b.lanes.leases.passage = 'held';
    const waiter = b.cache.get('a:k', leaseOf({ holdS: HOLD_S, waitS: 30 }));
    await until(() => b.lanes.leases.held === 1, { what: 'the answer that the lease is held' });
    await a.cache.remove(selector);
    await b.store.caughtUp();
    b.lanes.leases.release();
    leaseIn(await promptly(() => waiter));
  });
}

test('who missed before the Set and asks for the lease after it is given the value, not the lease', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  b.lanes.reads.passage = 'held';
  const late = b.cache.get('k', leaseOf({ holdS: HOLD_S, waitS: 30 }));
  await until(() => b.lanes.reads.held === 1, { what: 'the read on its way' });
  const id = await takeLease(a.cache, 'k', HOLD_S);
  await a.cache.stored('k', 'v', underLease(id));
  b.lanes.reads.release();
  assert.equal(textOf(only(await promptly(() => late), 'hit')), 'v');
});

test('who reads on a node that lags behind the Set is given the value, not the lease', async () => {
  await using fleet = await openThree({ rig, maxLagMs: 20_000 });
  const [a, b] = fleet.nodes;
  await b.cache.miss('k');
  b.lanes.bells.passage = 'lost';
  b.lanes.beats.passage = 'held';
  const id = await takeLease(a.cache, 'k', HOLD_S);
  await a.cache.stored('k', 'v', underLease(id));
  const found = await promptly(() => b.cache.get('k', leaseOf({ holdS: HOLD_S, waitS: 30 })));
  assert.equal(textOf(only(found, 'hit')), 'v');
});

test('a key that was deleted since the miss is still filled by one', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  b.lanes.reads.passage = 'held';
  const late = b.cache.get('k', leaseOf({ holdS: HOLD_S, waitS: 30 }));
  await until(() => b.lanes.reads.held === 1, { what: 'the read on its way' });
  await a.cache.delete('k');
  b.lanes.reads.release();
  await b.cache.stored('k', 'v', underLease(leaseIn(await late)));
});

for (const [what, overtake] of Object.entries<(cache: CacheCalls) => Promise<unknown>>({
  'an invalidation of the key': (cache) => cache.remove({ keys: ['a:k'] }),
  'an invalidation of the prefix': (cache) => cache.remove({ prefix: 'a:' }),
  'an invalidation of its tag': (cache) => cache.remove({ tags: ['t'] }),
  'an invalidation of the namespace': (cache) => cache.remove({ all: true }),
  'a Delete': (cache) => cache.delete('a:k'),
  'a plain Set': (cache) => cache.stored('a:k', 'plain'),
})) {
  for (const [shape, redis] of Object.entries(SHAPES)) {
    test(`a winner who pauses while ${what} comes on another node stores nothing, over ${shape}`, async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b, c] = fleet.nodes;
      // What the winner's own node does not know yet decides all the same.
      a.lanes.bells.passage = 'lost';
      const id = await takeLease(a.cache, 'a:k', HOLD_S);
      await overtake(b.cache);
      const refused = only(await a.cache.set('a:k', 'late', { tags: ['t'], ...underLease(id) }), 'notStored');
      assert.equal(refused.reason, NotStoredReason.LEASE_VOID);
      const found = await c.cache.get('a:k', { consistency: atLeast((await a.cache.miss('none')).fence) });
      assert.equal(found.$case === 'hit' ? textOf(found.value) : 'none', what === 'a plain Set' ? 'plain' : 'none');
    });
  }
}

test('a winner who pauses beyond its hold is refused, and who waits elsewhere fills in its place', async () => {
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  const found = await a.cache.get('k', { lease: { hold: milliseconds(300), wait: seconds(0) } });
  const id = leaseIn(found);
  const second = await promptly(() => b.cache.get('k', leaseOf({ holdS: HOLD_S, waitS: 30 })));
  const late = only(await a.cache.set('k', 'late', underLease(id)), 'notStored');
  assert.equal(late.reason, NotStoredReason.LEASE_VOID);
  await b.cache.stored('k', 'v', underLease(leaseIn(second)));
  const again = only(await a.cache.set('k', 'late', underLease(id)), 'notStored');
  assert.equal(again.reason, NotStoredReason.LEASE_VOID);
  assert.equal(textOf(await a.cache.hit('k')), 'v');
});

test('of those who read what was marked stale on another node one is asked to refresh, the others are served', async () => {
  await using fleet = await openThree({ rig });
  const { token: stored } = await fleet.nodes[0].cache.stored('k', 'old', { staleWindow: seconds(60) });
  for (const { cache } of fleet.nodes) await cache.hit('k', { consistency: atLeast(stored) });
  const consistency = atLeast(await fleet.nodes[1].cache.markStale({ all: true }));
  const wish = { allowStale: true, consistency, ...leaseOf({ holdS: HOLD_S, waitS: 30 }) };
  const callers = Array.from({ length: 60 }, (_, i) => fleet.nodes[i % 3]!.cache.hit('k', wish));
  const found = await promptly(() => Promise.all(callers));
  assert.ok(found.every((hit) => hit.stale && textOf(hit) === 'old'));
  const [lease, ...more] = found.flatMap((hit) => hit.lease ?? []);
  assert.deepEqual(more, []);
  const { token } = await fleet.nodes[2].cache.stored('k', 'new', underLease(lease!.id));
  for (const { cache } of fleet.nodes) {
    const fresh = await cache.hit('k', { consistency: atLeast(token), allowStale: true });
    assert.deepEqual([textOf(fresh), fresh.stale], ['new', false]);
  }
});

test('a lease that one node gave is good for a Set and a release on another', async () => {
  await using fleet = await openThree({ rig });
  const [a, b, c] = fleet.nodes;
  const id = await takeLease(a.cache, 'k', HOLD_S);
  assert.equal(await b.cache.release('k', id), true);
  await c.cache.stored('k', 'v', underLease(await takeLease(c.cache, 'k', HOLD_S)));
  const other = await takeLease(a.cache, 'l', HOLD_S);
  await b.cache.stored('l', 'v', underLease(other));
  assert.equal(textOf(await a.cache.hit('l')), 'v');
});

test('a lease that is handed back goes to one who waits on another node, at once', async () => {
  await using fleet = await openThree({ rig });
  const [a] = fleet.nodes;
  const id = await takeLease(a.cache, 'k', HOLD_S);
  const waiters = await waitElsewhere(fleet, 'k');
  assert.equal(await a.cache.release('k', id), true);
  const next = leaseIn(await promptly(() => Promise.race(waiters)));
  await fleet.nodes[2].cache.stored('k', 'v', underLease(next));
  await promptly(() => Promise.all(waiters));
});

test('a Get whose wish for a lease is not answered says that the store is away, not that a change is unknown', async () => {
  await using own = await openStandalone();
  await using fleet = await openFleet({ rig: own, nodes: 1 });
  const [node] = fleet.nodes as [FleetNode];
  await node.cache.miss('k');
  await own.servers[0]!.pause();
  const { reason } = await errorOf(node.cache.get('k', leaseOf()));
  await own.servers[0]!.resume();
  assert.equal(reason, 'STORE_UNAVAILABLE');
});
