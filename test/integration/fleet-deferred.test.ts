// Goal: what a node deferred while Redis was away is made once it is back: all that was acknowledged, in order, also after
// the node was killed. Method: node processes over a real Redis server that is killed or frozen, a subscriber on another
// node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { type Event, InvalidationMode } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { type CacheCalls, cacheCalls, only, type Selecting } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { runCli } from '../support/cli-process.ts';
import { type FleetNodes, startFleet } from '../support/fleet-nodes.ts';
import { runServer, type ServerProcess } from '../support/server-process.ts';
import { spoolDirectory } from '../support/spool.ts';
import { type Subscriber, subscribed } from '../support/subscriber.ts';
import { startTestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const LATEST = { consistency: { level: { $case: 'latest', value: {} } } } as const;
const NO_PORTS = ['--listen', '127.0.0.1:0', '--ops-listen', 'off'];
/** A busy machine takes its time. */
const PATIENT = { withinMs: 60_000 };
const SLOW_START = { startWithinMs: PATIENT.withinMs };

interface World {
  readonly fleet: FleetNodes;
  /** Has no spool. */
  readonly other: ServerProcess;
  /** Has one. */
  readonly node: ServerProcess;
  readonly flags: readonly string[];
  readonly directory: string;
}

/** Starts a Redis that keeps its data, a node without a spool and one with. */
async function startWorld(context: TestContext, more: readonly string[] = []): Promise<World> {
  const fleet = await startFleet(0, more, { save: true });
  context.after(() => fleet[Symbol.asyncDispose]());
  const other = await fleet.add(SLOW_START);
  const directory = spoolDirectory(context);
  const flags = ['--spool', directory];
  const node = await fleet.add({ ...SLOW_START, flags, withOps: true });
  return { fleet, other, node, flags, directory };
}

async function redisGone({ fleet, node, other }: World): Promise<void> {
  await fleet.redis.servers[0]!.kill();
  for (const each of [node, other]) {
    await until(() => each.logged('storeConnectionLost').length > 0, { ...PATIENT, what: 'the loss in the log' });
  }
}

async function redisBack({ fleet }: World): Promise<void> {
  await fleet.redis.servers[0]!.restart();
}

async function defer(cache: CacheCalls, selecting: Selecting): Promise<void> {
  const { token, deferred } = only(await cache.invalidate(selecting, { deferred: true }), 'invalidated');
  assert.deepEqual([token, deferred], ['', true]);
}

async function replayed(node: ServerProcess): Promise<Record<string, unknown>> {
  await until(() => node.logged('invalidationsReplayed').length > 0, { ...PATIENT, what: 'the replay in the log' });
  return node.logged('invalidationsReplayed')[0]!;
}

function targetsOf(events: readonly Event[]): string[] {
  return events.map(({ target }) => (target === undefined ? '' : `${target.$case} ${JSON.stringify(target.value)}`));
}

/** Waits until a stream heard of all targets; returns what it heard, in order. */
async function heardAll(stream: Subscriber, targets: readonly string[]): Promise<string[]> {
  const missing = (): string[] => {
    const heard = new Set(targetsOf(stream.events));
    return targets.filter((target) => !heard.has(target));
  };
  await until(() => missing().length === 0, { ...PATIENT, what: `events of ${targets.length} targets` }).catch(
    (late: Error) => assert.fail(`${late.message}: ${missing().length} are missing, such as ${missing()[0]}`),
  );
  return targetsOf(stream.events);
}

async function spooledSays(node: ServerProcess): Promise<string[]> {
  const text = await (await fetch(`${node.opsUrl}/metrics`)).text();
  return text.split('\n').filter((line) => /^reprise_(spool|invalidations_(deferred|replayed))/.test(line));
}

const TARGETS = ['tag "t"', 'prefix "p:"', 'key "k1"', 'key "k2"'];

/** Stores what the deferred invalidations will cover, and one more. */
async function fill(node: ServerProcess): Promise<void> {
  await createNamespace(node, 'films');
  const here = cacheCalls(node);
  for (const key of ['k1', 'k2', 'p:1', 'kept']) await here.stored(key, 'v');
  await here.stored('tagged', 'v', { tags: ['t'] });
  await cacheCalls(node, 'films').stored('f', 'v');
}

/** Defers those of TARGETS in their order, and one of another namespace. */
async function deferAll(node: ServerProcess): Promise<void> {
  const here = cacheCalls(node);
  await defer(here, { tags: ['t'] });
  await defer(here, { prefix: 'p:' });
  await defer(here, { keys: ['k1'] });
  await defer(here, { keys: ['k2'] });
  await defer(cacheCalls(node, 'films'), { all: true });
}

function waitsSaid(node: ServerProcess): unknown[] {
  return node.logged('invalidationsWait').map(({ waiting, found }) => [waiting, found]);
}

async function assertAllGone(node: ServerProcess): Promise<void> {
  for (const [namespace, key] of [
    ...['tagged', 'p:1', 'k1', 'k2'].map((covered) => ['', covered] as const),
    ['films', 'f'] as const,
  ]) {
    const missed = (): Promise<boolean> =>
      cacheCalls(node, namespace)
        .miss(key, LATEST)
        .then(() => true, isAway);
    await until(missed, { ...PATIENT, what: `the miss of ${key}` });
  }
  await cacheCalls(node).hit('kept', LATEST);
  assert.equal(node.logged('bugCaught').length, 0);
}

test('invalidations of every kind survive the loss of Redis and a kill of the node, and are made in order', async (context) => {
  const world = await startWorld(context);
  const { fleet, node, other, flags, directory } = world;
  const fileText = (): string => readFileSync(join(directory, 'deferred.jsonl'), 'utf8');
  await fill(node);
  using stream = await subscribed(other);
  await redisGone(world);
  await deferAll(node);
  assert.deepEqual(waitsSaid(node), [[1, false]]);
  const said = await spooledSays(node);
  assert.ok(said.includes('reprise_spooled_invalidations 5'), said.join('\n'));
  assert.ok(said.includes('reprise_invalidations_deferred_total 5'), said.join('\n'));
  const { findings } = await node.call(AdminServiceService.doctor, {});
  assert.match(findings.find(({ check }) => check === 'spool')?.what ?? '', /^5 deferred invalidations wait/);

  node.kill('SIGKILL');
  await node.ended;
  // Without Redis a node does not start; the spool stays as it is.
  const before = fileText();
  const failed = await runServer([...NO_PORTS, '--redis', fleet.redis.url, ...flags], PATIENT.withinMs);
  assert.deepEqual([failed.code, fileText()], [1, before]);

  await redisBack(world);
  const again = await fleet.add({ ...SLOW_START, flags });
  const { made, dropped } = await replayed(again);
  assert.deepEqual([made, dropped, waitsSaid(again)], [5, 0, [[5, true]]]);
  assert.deepEqual(await heardAll(stream, TARGETS), TARGETS);
  assert.equal(fileText(), '');
  for (const each of [again, other]) await assertAllGone(each);
});

test('only what may be deferred is, and only where there is a spool and nothing is to be counted', async (context) => {
  const world = await startWorld(context);
  await redisGone(world);
  const [here, there] = [cacheCalls(world.node), cacheCalls(world.other)];
  const reasonOf = async (calling: Promise<unknown>): Promise<string> => (await errorOf(calling)).reason;
  assert.equal(await reasonOf(here.invalidate({ tags: ['t'] })), 'STORE_UNAVAILABLE');
  for (const counting of [{ dryRun: true }, { affectedMax: 5n }]) {
    const reason = await reasonOf(here.invalidate({ tags: ['t'] }, { ...counting, deferred: true }));
    assert.equal(reason, 'STORE_UNAVAILABLE');
  }
  assert.equal(await reasonOf(there.invalidate({ tags: ['t'] }, { deferred: true })), 'SPOOL_OFF');
  assert.equal(world.node.logged('invalidationsWait').length, 0);
});

/** A node finds Redis, and a namespace that another created, a moment later than that one. Fails for any other reason. */
async function isAway(failure: unknown): Promise<boolean> {
  const { reason } = await errorOf(Promise.reject(failure));
  assert.ok(['STORE_UNAVAILABLE', 'NAMESPACE_NOT_FOUND'].includes(reason), reason);
  return false;
}

test('of a thousand, with the node killed in the midst, every acknowledged one is made and none out of order', async (context) => {
  const world = await startWorld(context);
  const { fleet, node, other, flags } = world;
  using stream = await subscribed(other);
  await redisGone(world);
  const [lanes, each] = [10, 100];
  const acknowledged: string[] = [];
  const cache = cacheCalls(node);
  const lane = async (number: number): Promise<void> => {
    for (let index = 0; index < each; index++) {
      const tag = `lane${number}-${String(index).padStart(3, '0')}`;
      await defer(cache, { tags: [tag] });
      acknowledged.push(tag);
      if (acknowledged.length === (lanes * each) / 2) node.kill('SIGKILL');
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, (_, number) => lane(number)));
  assert.ok(
    ends.every(({ status }) => status === 'rejected'),
    'the kill came in the midst of every lane',
  );
  assert.ok(acknowledged.length >= (lanes * each) / 2 && acknowledged.length < lanes * each);
  await node.ended;
  await redisBack(world);
  const again = await fleet.add({ ...SLOW_START, flags });
  const { made, dropped } = await replayed(again);
  assert.ok((made as number) >= acknowledged.length, `${made} of ${acknowledged.length} were made`);
  assert.equal(dropped, 0);
  context.diagnostic(`${acknowledged.length} acknowledged, ${made} made`);
  const heard = await heardAll(
    stream,
    acknowledged.map((tag) => `tag "${tag}"`),
  );
  assert.equal(heard.length, new Set(heard).size, 'each once');
  for (let number = 0; number < lanes; number++) {
    const ofLane = heard.filter((target) => target.startsWith(`tag "lane${number}-`));
    assert.deepEqual(ofLane, ofLane.toSorted());
  }
});

test('a node serves nothing from its memory that it has deferred, and all else', async (context) => {
  const world = await startWorld(context, ['--max-lag', '1m']);
  const cache = cacheCalls(world.node);
  for (const key of ['k', 'p:1', 'kept']) await cache.stored(key, 'v');
  await cache.stored('tagged', 'v', { tags: ['t'] });
  await cache.stored('marked', 'v', { tags: ['m'] });
  await redisGone(world);
  for (const key of ['k', 'p:1', 'tagged', 'marked', 'kept']) await cache.hit(key);
  await defer(cache, { keys: ['k'] });
  await defer(cache, { prefix: 'p:' });
  await defer(cache, { tags: ['t'] });
  const marking = await cache.invalidate({ tags: ['m'] }, { deferred: true, mode: InvalidationMode.MARK_STALE });
  assert.equal(only(marking, 'invalidated').deferred, true);
  for (const key of ['k', 'p:1', 'tagged', 'marked']) {
    assert.equal((await errorOf(cache.get(key))).reason, 'STORE_UNAVAILABLE', key);
  }
  await cache.hit('kept');
  await redisBack(world);
  await replayed(world.node);
  for (const key of ['k', 'p:1', 'tagged']) await cache.miss(key);
  await cache.hit('kept');
  await cache.stored('tagged', 'new', { tags: ['t'] });
  await cache.hit('tagged');
});

test('one that a frozen Redis did not answer is kept, those behind it wait, and all are made without a restart', async (context) => {
  const world = await startWorld(context);
  const [redis] = world.fleet.redis.servers;
  using stream = await subscribed(world.other);
  redis!.pause();
  const cache = cacheCalls(world.node);
  await defer(cache, { tags: ['a'] });
  for (const tag of ['b', 'c']) await defer(cache, { tags: [tag] });
  redis!.resume();
  const { made } = await replayed(world.node);
  assert.equal(made, 3);
  const heard = await heardAll(stream, ['tag "a"', 'tag "b"', 'tag "c"']);
  // The first may have been made before, too.
  assert.deepEqual(heard.slice(-3), ['tag "a"', 'tag "b"', 'tag "c"']);
  const token = only(await cache.invalidate({ tags: ['d'] }, { deferred: true }), 'invalidated');
  assert.equal(token.deferred, false, 'when none waits they go to the store');
});

test('the command says deferred and ends with 0', async (context) => {
  const world = await startWorld(context);
  await redisGone(world);
  const server = world.node.address;
  const plain = await runCli(['invalidate', '--tag', 't', '--deferred'], { server });
  assert.deepEqual([plain.code, plain.text], [0, 'invalidated  deferred\n']);
  const json = await runCli(['invalidate', '--tag', 't', '--deferred', '--json'], { server });
  assert.deepEqual([json.code, JSON.parse(json.text)], [0, { outcome: 'deferred' }]);
  const off = await runCli(['invalidate', '--tag', 't', '--deferred'], { server: world.other.address });
  assert.notEqual(off.code, 0);
  assert.match(off.stderr, /--spool DIR/);
});

test('a spool belongs to one node', async (context) => {
  const { fleet, flags } = await startWorld(context);
  const end = await runServer([...NO_PORTS, '--redis', fleet.redis.url, ...flags], PATIENT.withinMs);
  assert.equal(end.code, 1);
  assert.match(end.stderr, /spool directory .* is used by another server/);
});

test('a server alone takes no spool and says why, and defers nothing', async (context) => {
  const end = await runServer(['--spool', spoolDirectory(context)], PATIENT.withinMs);
  assert.equal(end.code, 2);
  assert.match(end.stderr, /--spool keeps invalidations while Redis is away.*a server alone makes them at once/);
  await using server = await startTestServer();
  const cache = cacheCalls(server);
  await cache.stored('k', 'v');
  for (const more of [{}, { dryRun: true }, { affectedMax: 0n }]) {
    const refused = await errorOf(cache.invalidate({ keys: ['k'] }, { ...more, deferred: true }));
    assert.deepEqual([refused.code, refused.reason], [status.FAILED_PRECONDITION, 'SPOOL_OFF']);
  }
  await cache.hit('k');
});
