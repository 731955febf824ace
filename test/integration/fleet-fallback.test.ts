// Goal: while Redis is away each namespace gives what it chose, and when it is back its truth counts. Method: complete
// nodes over a real Redis that is killed and started again with its data; each choice, by gRPC.
import assert from 'node:assert/strict';
import test from 'node:test';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { type Consistency, type Hit, MissReason, type Stored } from '../../src/gen/reprise/v1/entry.ts';
import { type NamespaceSettings, ReadFallback, WriteFallback } from '../../src/gen/reprise/v1/namespace.ts';
import { createNamespace, getNamespace, settingsOf } from '../support/admin-calls.ts';
import {
  atLeast,
  type CacheCalls,
  cacheCalls,
  msOf,
  onlyIf,
  seconds,
  textOf,
  textValue,
} from '../support/cache-calls.ts';
import { errorFacts, errorOf } from '../support/call.ts';
import { type Fleet, type FleetNode, openFleet } from '../support/fleet.ts';
import { openStandalone } from '../support/redis/standalone.ts';
import { until } from '../support/until.ts';

const { batchGet, batchSet, exists } = CacheServiceService;
const { MISS, STALE, ERROR } = ReadFallback;
const LATEST: Consistency = { level: { $case: 'latest', value: {} } };
const AWAY = 'STORE_UNAVAILABLE';
const UNKNOWN = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };

/** Nodes over a Redis of their own, which keeps its data while it is away. */
interface Outage extends AsyncDisposable {
  readonly fleet: Fleet;
  readonly node: FleetNode;
  /** Takes Redis away, and waits until no node may serve anything as if it were there. */
  begin(): Promise<void>;
  /** Brings it back, and waits until the nodes know. */
  end(): Promise<void>;
}

/** Starts a fleet with namespaces of these settings, each with the entry `held` in the memory of the first node. */
async function prepare(namespaces: Record<string, Partial<NamespaceSettings>>, nodes = 1): Promise<Outage> {
  await using opening = new AsyncDisposableStack();
  const rig = opening.use(await openStandalone({ save: true }));
  const fleet = opening.use(await openFleet({ rig, nodes, maxLagMs: 1500 }));
  const node = fleet.nodes[0]!;
  for (const [name, settings] of Object.entries({ probe: {}, ...namespaces })) {
    await createNamespace(node, name, { capacityBytes: 1_000_000n, ...settings });
    await set(cacheCalls(node, name), 'held', 'truth', { tags: ['t'] });
  }
  const probes = fleet.nodes.map((each) => cacheCalls(each, 'probe'));
  for (const each of fleet.nodes) {
    const known = (): Promise<boolean> => knowsAll(each, ['probe', ...Object.keys(namespaces)]);
    await until(known, { what: 'the namespaces on every node' });
  }
  const server = rig.servers[0]!;
  const owned = opening.move();
  return {
    fleet,
    node,
    begin: async () => {
      await server.kill();
      for (const probe of probes) await until(() => isRefused(probe), { what: 'the loss of Redis' });
    },
    end: async () => {
      await server.restart();
      for (const probe of probes) await until(() => reaches(probe), { what: 'Redis, back again' });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function knowsAll(node: FleetNode, names: readonly string[]): Promise<boolean> {
  const calls = await Promise.allSettled(names.map((name) => getNamespace(node, name)));
  return calls.every(({ status }) => status === 'fulfilled');
}

/** Tells whether reads, and writes, are answered as ever. */
async function reaches(probe: CacheCalls): Promise<boolean> {
  const calls = await Promise.allSettled([probe.get('held'), probe.set('written', 'v')]);
  return calls.every(({ status }) => status === 'fulfilled');
}

/** Tells whether the memory of a node may serve nothing any more. */
function isRefused(probe: CacheCalls): Promise<boolean> {
  return probe.get('held').then(
    () => false,
    (error: unknown) => errorFacts(error).reason === AWAY,
  );
}

/** Calls until it is answered: a machine may be so busy that a node loses sight of Redis for a moment. */
async function steadily<T>(call: () => Promise<T>): Promise<T> {
  const answers: T[] = [];
  const isAnswered = (): Promise<boolean> =>
    call().then(
      (answer) => answers.push(answer) > 0,
      (error: unknown) => {
        assert.match(errorFacts(error).reason, /^(STORE_UNAVAILABLE|OUTCOME_UNKNOWN)$/);
        return false;
      },
    );
  await until(isAnswered, { what: 'an answer of the store' });
  return answers[0]!;
}

/** Sets a key in Redis. */
async function set(
  cache: CacheCalls,
  key: string,
  text: string,
  more: Parameters<CacheCalls['set']>[2] = {},
): Promise<Stored> {
  let stored: Stored | undefined;
  const isStored = async (): Promise<boolean> => {
    stored = await steadily(() => cache.stored(key, text, more));
    return !stored.local;
  };
  await until(isStored, { what: `${key} in Redis` });
  return stored!;
}

function assertUnverified(hit: Hit, text: string): void {
  const { stale, unverified, lease } = hit;
  assert.deepEqual([textOf(hit), stale, unverified, lease], [text, true, true, undefined]);
  assert.equal(msOf(hit.freshFor), 0);
  assert.ok(msOf(hit.keepFor) > 0 && hit.revision !== '');
}

function assertLocal(hit: Hit, text: string, ttlMsMax: number): void {
  assert.deepEqual([textOf(hit), hit.stale, hit.unverified, hit.revision], [text, false, true, '']);
  assert.ok(msOf(hit.freshFor) > 0 && msOf(hit.freshFor) <= ttlMsMax);
  assert.deepEqual(hit.keepFor, hit.freshFor);
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  return (await errorOf(call)).reason;
}

/** Waits until a key is read as ever, and returns the hit. */
async function verified(cache: CacheCalls, key: string): Promise<Hit> {
  let hit: Hit | undefined;
  const isVerified = async (): Promise<boolean> => {
    const result = await cache.get(key).catch(() => undefined);
    hit = result?.$case === 'hit' ? result.value : undefined;
    return hit?.unverified === false;
  };
  await until(isVerified, { what: `${key} as Redis has it` });
  return hit!;
}

test('Get: the error, a miss, or what memory holds, as the namespace chose; then the truth again', async () => {
  await using outage = await prepare({ error: {}, miss: { readFallback: MISS }, stale: { readFallback: STALE } });
  const of = (name: string): CacheCalls => cacheCalls(outage.node, name);
  const { token } = await set(of('stale'), 'held', 'truth', { tags: ['t'] });
  await outage.begin();
  for (const key of ['held', 'none']) assert.equal(await reasonOf(of('error').get(key)), AWAY);
  const lease = { hold: seconds(1), wait: seconds(1) };
  for (const [name, key] of [
    ['miss', 'held'],
    ['miss', 'none'],
    ['stale', 'none'],
  ] as const) {
    const miss = await of(name).miss(key, { lease, allowStale: true });
    const { reason, fence, lease: given, retryAfter } = miss;
    assert.deepEqual([reason, fence, given, retryAfter], [MissReason.STORE_UNAVAILABLE, '', undefined, undefined]);
  }
  for (const allowStale of [true, false]) {
    const hit = await of('stale').hit('held', { allowStale, lease, withTags: true });
    assertUnverified(hit, 'truth');
    assert.deepEqual(hit.tags, ['t']);
  }
  for (const name of ['error', 'miss', 'stale']) {
    assert.equal(await reasonOf(of(name).get('held', { consistency: LATEST, allowStale: true })), AWAY);
  }
  assert.equal(await reasonOf(of('stale').get('held', { consistency: atLeast(token), allowStale: true })), AWAY);
  await outage.end();
  for (const name of ['error', 'miss', 'stale']) {
    const { stale, unverified } = await verified(of(name), 'held');
    assert.deepEqual([stale, unverified], [false, false]);
  }
});

test('BatchGet and Exists do as Get does, key by key', async () => {
  await using outage = await prepare({ error: {}, miss: { readFallback: MISS }, stale: { readFallback: STALE } });
  const { node } = outage;
  await outage.begin();
  const batch = async (namespace: string, consistency?: Consistency) => {
    const { results, token } = await node.call(batchGet, { namespace, keys: ['held', 'none'], consistency });
    assert.equal(token, '', 'there is no moment to be a fence');
    return results.map(({ result }) => result!);
  };
  assert.equal(await reasonOf(batch('error')), AWAY);
  for (const namespace of ['error', 'miss', 'stale']) assert.equal(await reasonOf(batch(namespace, LATEST)), AWAY);
  for (const result of await batch('miss')) {
    assert.ok(result.$case === 'miss' && result.value.reason === MissReason.STORE_UNAVAILABLE);
  }
  const [held, none] = await batch('stale');
  assert.ok(held?.$case === 'hit' && none?.$case === 'miss');
  assertUnverified(held.value, 'truth');
  assert.equal(none.value.reason, MissReason.STORE_UNAVAILABLE);
  const existing = async (namespace: string, key: string) => (await node.call(exists, { namespace, key })).exists;
  assert.equal(await reasonOf(existing('error', 'held')), AWAY);
  assert.deepEqual(await Promise.all(['held', 'none'].map((key) => existing('miss', key))), [false, false]);
  assert.deepEqual(await Promise.all(['held', 'none'].map((key) => existing('stale', key))), [true, false]);
});

test('STALE does not bring back what was invalidated before the outage, nor what another node changed', async () => {
  await using outage = await prepare({ stale: { readFallback: STALE } }, 2);
  const [a, b] = outage.fleet.nodes.map((node) => cacheCalls(node, 'stale')) as [CacheCalls, CacheCalls];
  for (const key of ['tagged', 'deleted']) await set(a, key, 'old', { tags: [key] });
  await steadily(() => b.delete('deleted'));
  const token = await steadily(() => b.remove({ tags: ['tagged'] }));
  for (const key of ['tagged', 'deleted']) await steadily(() => a.miss(key, { consistency: atLeast(token) }));
  await outage.begin();
  assertUnverified(await a.hit('held'), 'truth');
  for (const key of ['tagged', 'deleted']) assert.equal((await a.miss(key)).reason, MissReason.STORE_UNAVAILABLE);
});

test('Set: refused, or kept by this node alone; every other change is refused', async () => {
  const local = { writeFallback: WriteFallback.LOCAL, localTtl: seconds(60) };
  await using outage = await prepare({ refuse: {}, local, both: { ...local, readFallback: STALE } }, 2);
  const [node, other] = outage.fleet.nodes as [FleetNode, FleetNode];
  const cache = cacheCalls(node, 'local');
  await outage.begin();
  assert.equal(await reasonOf(cacheCalls(node, 'refuse').set('held', 'local')), AWAY);
  const stored = await cache.stored('held', 'local', { ttl: seconds(30), tags: ['t'], contentType: 'text/plain' });
  assert.deepEqual([stored.local, stored.revision, stored.token, stored.freshFor], [true, '', '', seconds(30)]);
  assert.deepEqual([stored.keepFor, stored.expireTime !== undefined], [seconds(30), true]);
  assert.deepEqual((await cache.stored('long', 'local', { ttl: seconds(3000) })).freshFor, seconds(60));
  const hit = await cache.hit('held', { withTags: true });
  assertLocal(hit, 'local', 30_000);
  assert.deepEqual([hit.tags, hit.contentType], [['t'], 'text/plain']);
  assert.equal(await cache.exists('held'), true);
  assert.equal(await reasonOf(cache.get('none')), AWAY, 'reads of what was not written fall back as they would');
  assert.equal(await reasonOf(cache.get('held', { consistency: LATEST })), AWAY);
  assert.equal(await reasonOf(cacheCalls(other, 'local').get('held')), AWAY, 'nobody else knows');
  const refused = [
    cache.set('k', 'v', { condition: onlyIf({ $case: 'absent', value: {} }) }),
    cache.set('k', 'v', { requestId: 'r1' }),
    cache.increment('k', 1n),
    cache.touch('held'),
    cache.delete('other'),
    cache.remove({ keys: ['other'] }),
  ];
  for (const call of refused) assert.equal(await reasonOf(call), AWAY);
  const both = cacheCalls(node, 'both');
  assertUnverified(await both.hit('held'), 'truth');
  await both.stored('held', 'local');
  assertLocal(await both.hit('held'), 'local', 60_000);
});

test('BatchSet keeps its plain items; BatchGet finds them beside what there is for the others', async () => {
  const local = { writeFallback: WriteFallback.LOCAL };
  await using outage = await prepare({ error: local, miss: { ...local, readFallback: MISS } });
  const { node } = outage;
  await outage.begin();
  for (const [namespace, others] of [
    ['error', 'error'],
    ['miss', 'miss'],
  ] as const) {
    const items = [
      { ...UNKNOWN, key: 'plain', content: textValue('local') },
      { ...UNKNOWN, key: 'asked', content: textValue('v'), condition: onlyIf({ $case: 'present', value: {} }) },
    ];
    const set = await node.call(batchSet, { namespace, items });
    const [plain, asked] = set.results.map(({ result }) => result!);
    assert.ok(plain?.$case === 'stored' && plain.value.local && plain.value.revision === '');
    assert.deepEqual([plain.value.freshFor, set.token], [seconds(10), '']);
    assert.ok(asked?.$case === 'error');
    const got = await node.call(batchGet, { namespace, keys: ['plain', 'asked'] });
    const [found, other] = got.results.map(({ result }) => result!);
    assert.ok(found?.$case === 'hit');
    assertLocal(found.value, 'local', 10_000);
    assert.equal(other?.$case, others);
  }
});

test('when Redis is back its truth is served, and what was kept locally does not come back with the next outage', async () => {
  const local = { writeFallback: WriteFallback.LOCAL, localTtl: seconds(60) };
  await using outage = await prepare({ local, stale: { ...local, readFallback: STALE } }, 2);
  const [a, b] = outage.fleet.nodes as [FleetNode, FleetNode];
  await outage.begin();
  for (const name of ['local', 'stale']) {
    for (const key of ['held', 'unread']) await cacheCalls(a, name).stored(key, 'local');
    assertLocal(await cacheCalls(a, name).hit('held'), 'local', 60_000);
  }
  await outage.end();
  for (const name of ['local', 'stale']) {
    const hit = await verified(cacheCalls(a, name), 'held');
    assert.equal(textOf(hit), 'truth', 'nothing of it was written');
    const { token } = await set(cacheCalls(b, name), 'held', 'newer');
    const seen = async (): Promise<boolean> => {
      const read = await cacheCalls(a, name)
        .get('held', { consistency: atLeast(token) })
        .catch(() => undefined);
      return read?.$case === 'hit' && textOf(read.value) === 'newer';
    };
    await until(seen, { what: 'what the other node wrote' });
  }
  await outage.begin();
  assert.equal(await reasonOf(cacheCalls(a, 'local').get('held')), AWAY);
  assert.equal(await reasonOf(cacheCalls(a, 'local').get('unread')), AWAY);
  assertUnverified(await cacheCalls(a, 'stale').hit('held'), 'newer');
  assert.equal((await cacheCalls(a, 'stale').miss('unread')).reason, MissReason.STORE_UNAVAILABLE);
});

test('a choice that one node takes is in force on the others', async () => {
  await using outage = await prepare({ n: {} }, 2);
  const [a, b] = outage.fleet.nodes as [FleetNode, FleetNode];
  const read = async (node: FleetNode) => (await getNamespace(node, 'n')).settings;
  assert.equal((await read(a))?.readFallback, ERROR);
  const chosen = { readFallback: STALE, writeFallback: WriteFallback.LOCAL, localTtl: seconds(5) };
  const update = { name: 'n', settings: settingsOf(chosen) };
  const updated = (): Promise<boolean> =>
    b.call(AdminServiceService.updateNamespace, update).then(
      () => true,
      () => false,
    );
  await until(updated, { what: 'the update' });
  const followed = async (): Promise<boolean> => (await read(a))?.readFallback === STALE;
  await until(followed, { what: 'the choice on the other node' });
  const settings = await read(a);
  assert.deepEqual({ ...settings, ...chosen }, settings);
  await outage.begin();
  assertUnverified(await cacheCalls(a, 'n').hit('held'), 'truth');
  assert.deepEqual((await cacheCalls(a, 'n').stored('k', 'v')).freshFor, seconds(5));
});
