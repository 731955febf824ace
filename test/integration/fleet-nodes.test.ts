// Goal: nodes over one Redis are one cache: what is done on one is so on the others. Method: server processes over a real
// Redis server, calls to one node after calls to another.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { createNamespace, getNamespace, settingsOf } from '../support/admin-calls.ts';
import { atLeast, cacheCalls, msOf, seconds, textOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startFleet } from '../support/fleet-nodes.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { subscribe, subscribed } from '../support/subscriber.ts';
import { until, within } from '../support/until.ts';

const { deleteNamespace, updateNamespace } = AdminServiceService;

/** What another node does to namespaces is in force within this time; twice that for a busy machine. */
const WITHIN_MS = 2000;

function exists(node: ServerProcess, name: string): Promise<boolean> {
  return getNamespace(node, name).then(
    () => true,
    () => false,
  );
}

function known(node: ServerProcess, name: string): Promise<void> {
  return until(() => exists(node, name), { withinMs: WITHIN_MS, what: `namespace ${name} on the other node` });
}

test('what is set on one node is got on every other with the token, and gone with that of an invalidation', async () => {
  await using fleet = await startFleet(3);
  const [a, b, c] = fleet.nodes.map((node) => cacheCalls(node));
  for (let round = 1; round <= 20; round++) {
    const { token } = await a!.stored('k', `value ${round}`);
    for (const other of [b!, c!]) {
      assert.equal(textOf(await other.hit('k', { consistency: atLeast(token) })), `value ${round}`);
    }
  }
  const token = await b!.remove({ keys: ['k'] });
  for (const other of [a!, c!]) await other.miss('k', { consistency: atLeast(token) });
});

test('a stream that was cut off on one node goes on at another', async () => {
  await using fleet = await startFleet(2);
  const [a, b] = fleet.nodes as [ServerProcess, ServerProcess];
  const first = await subscribed(a);
  await cacheCalls(b).stored('k1', 'v');
  await first.heard(1);
  const { token } = first;
  a.kill('SIGKILL');
  await a.ended;
  await cacheCalls(b).stored('k2', 'v');
  using second = subscribe(b.client, { resumeToken: token });
  await second.next('ready');
  const events = await second.heard(1);
  assert.deepEqual(
    events.map(({ target }) => target?.value),
    ['k2'],
  );
  assert.deepEqual(
    second.messages.filter(({ $case }) => $case === 'reset'),
    [],
  );
});

test('namespaces that one node makes, changes and deletes are so on the others, and their streams end', async () => {
  await using fleet = await startFleet(2);
  const [a, b] = fleet.nodes as [ServerProcess, ServerProcess];
  await createNamespace(a, 'music', { defaultTtl: seconds(7) });
  await known(b, 'music');
  await cacheCalls(a, 'music').stored('k', 'v');
  assert.equal(textOf(await cacheCalls(b, 'music').hit('k')), 'v', 'one namespace, not two of one name');
  await b.call(updateNamespace, { name: 'music', settings: settingsOf({ defaultTtl: seconds(9) }) });
  const updated = async (): Promise<boolean> => msOf((await getNamespace(a, 'music')).settings?.defaultTtl) === 9000;
  await until(updated, { withinMs: WITHIN_MS, what: 'the new default' });
  using stream = await subscribed(b, { namespace: 'music' });
  await a.call(deleteNamespace, { name: 'music' });
  const end = await within(stream.ended, { what: 'the end of the stream on the other node' });
  assert.equal(end.reason, 'NAMESPACE_NOT_FOUND');
  assert.equal(await exists(b, 'music'), false);
  await createNamespace(b, 'music');
  await known(a, 'music');
  await cacheCalls(a, 'music').miss('k');
});

test('of two nodes that create one name at the same time one says that it exists', async () => {
  await using fleet = await startFleet(2);
  for (const name of ['n1', 'n2', 'n3']) {
    const results = await Promise.allSettled(fleet.nodes.map((node) => createNamespace(node, name)));
    const lost = results.filter((result) => result.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.equal((await errorOf(Promise.reject(lost[0]!.reason))).reason, 'NAMESPACE_EXISTS');
    for (const node of fleet.nodes) await known(node, name);
  }
});

test('entries, namespaces and tokens outlive all nodes, in default and in what the files define', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-fleet-'));
  t.after(() => rm(folder, { recursive: true }));
  const config = join(folder, 'reprise.yaml');
  await writeFile(config, 'namespaces: { sessions: { capacity: 1MiB } }\n');
  await using fleet = await startFleet(2, ['--config', config]);
  const [a, b] = fleet.nodes as [ServerProcess, ServerProcess];
  const stored = await Promise.all(['', 'sessions'].map((name) => cacheCalls(a, name).stored('k', 'v')));
  for (const node of [a, b]) node.kill('SIGTERM');
  await Promise.all([a.ended, b.ended]);
  const c = await fleet.add();
  for (const [index, name] of ['', 'sessions'].entries()) {
    const found = await cacheCalls(c, name).hit('k', { consistency: atLeast(stored[index]!.token) });
    assert.equal(textOf(found), 'v');
  }
});

test('while Redis is away the last good definitions serve, changes of them fail, and all is well when it is back', async () => {
  await using fleet = await startFleet(2, [], { save: true });
  const [a, b] = fleet.nodes as [ServerProcess, ServerProcess];
  await createNamespace(a, 'music');
  await known(b, 'music');
  const { token } = await cacheCalls(a, 'music').stored('k', 'v');
  const [redis] = fleet.redis.servers;
  await redis!.kill();
  await until(() => b.logged('storeConnectionLost').length > 0, { what: 'the loss in the log' });
  assert.equal((await errorOf(createNamespace(a, 'other'))).reason, 'STATE_UNAVAILABLE');
  assert.equal((await errorOf(cacheCalls(b, 'music').stored('k', 'w'))).reason, 'STORE_UNAVAILABLE');
  const refused = async (): Promise<boolean> => {
    const failure = await cacheCalls(b, 'music')
      .get('k')
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    return failure !== undefined && (await errorOf(Promise.reject(failure))).reason === 'STORE_UNAVAILABLE';
  };
  await until(refused, { what: 'reads that are refused once memory is too old' });
  await redis!.restart();
  const wellAgain = async (): Promise<boolean> =>
    cacheCalls(b, 'music')
      .hit('k', { consistency: atLeast(token) })
      .then(
        () => true,
        () => false,
      );
  await until(wellAgain, { what: 'reads after the restart' });
  const changes = async (): Promise<boolean> =>
    createNamespace(a, 'other').then(
      () => true,
      () => false,
    );
  await until(changes, { what: 'changes on the node that finds the store a moment later' });
  await known(b, 'other');
  assert.ok(b.logged('storeConnectionRestored').length > 0);
  assert.equal(b.logged('bugCaught').length + a.logged('bugCaught').length, 0);
});
