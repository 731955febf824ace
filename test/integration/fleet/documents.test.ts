// Goal: what one node defines is so on all within a second, and outlives Redis losing it or being away. Method: complete
// nodes over a real Redis that is emptied, killed and started again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdminServiceService } from '../../../src/gen/reprise/v1/admin_service.ts';
import { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace, getNamespace, settingsOf } from '../../support/admin-calls.ts';
import { atLeast, cacheCalls, msOf, seconds, textOf } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import { type FleetNode, openThree } from '../../support/fleet.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { subscribed } from '../../support/subscriber.ts';
import { until, within } from '../../support/until.ts';

const { deleteNamespace, listNamespaces, updateNamespace } = AdminServiceService;
/** What is promised, and as much again for a busy machine. */
const SOON = { withinMs: 2000 };

function succeeds(attempt: () => Promise<unknown>): () => Promise<boolean> {
  return () =>
    attempt().then(
      () => true,
      () => false,
    );
}

function known(nodes: readonly FleetNode[], name: string): Promise<unknown> {
  const what = `namespace ${name}`;
  return Promise.all(
    nodes.map((node) =>
      until(
        succeeds(() => getNamespace(node, name)),
        { ...SOON, what },
      ),
    ),
  );
}

test('a namespace is usable on all nodes within a second, and each node’s changes of it take turns', async () => {
  await using fleet = await openThree();
  const [a, b, c] = fleet.nodes;
  await createNamespace(a, 'music', { defaultTtl: seconds(100) });
  await known([b, c], 'music');
  const { token } = await cacheCalls(b, 'music').stored('k', 'v');
  assert.equal(textOf(await cacheCalls(c, 'music').hit('k', { consistency: atLeast(token) })), 'v');
  const defaultTtlOf = (ttlS: number) => ({ name: 'music', settings: settingsOf({ defaultTtl: seconds(ttlS) }) });
  const updates = await Promise.allSettled(
    fleet.nodes.map((node, i) => node.call(updateNamespace, { ...defaultTtlOf(200 + i), expectedVersion: 1n })),
  );
  const lost = updates.filter((update) => update.status === 'rejected');
  assert.equal(lost.length, 2, 'of three who change the same version one succeeds');
  for (const { reason } of lost) assert.equal((await errorOf(Promise.reject(reason))).reason, 'VERSION_MISMATCH');
  await c.call(updateNamespace, defaultTtlOf(300));
  for (const node of fleet.nodes) {
    const updated = async (): Promise<boolean> => (await getNamespace(node, 'music')).version === 3n;
    await until(updated, SOON);
    const { freshFor } = await cacheCalls(node, 'music').stored('k', 'v');
    assert.equal(msOf(freshFor), 300_000);
  }
});

test('a deleted namespace is gone on all nodes, its streams end, and a new one of its name holds nothing old', async () => {
  await using fleet = await openThree();
  const [a, b, c] = fleet.nodes;
  await createNamespace(a, 'music');
  await known([b, c], 'music');
  await cacheCalls(a, 'music').stored('k', 'v');
  await cacheCalls(b, 'music').hit('k');
  const streams = await Promise.all(fleet.nodes.map((node) => subscribed(node, { namespace: 'music' })));
  await b.call(deleteNamespace, { name: 'music' });
  for (const { ended } of streams) {
    assert.equal((await within(ended, { what: 'the end of a stream', ...SOON })).reason, 'NAMESPACE_NOT_FOUND');
  }
  for (const node of fleet.nodes) {
    assert.equal((await errorOf(cacheCalls(node, 'music').get('k'))).reason, 'NAMESPACE_NOT_FOUND');
  }
  await createNamespace(c, 'music');
  await known(fleet.nodes, 'music');
  for (const node of fleet.nodes) await cacheCalls(node, 'music').miss('k');
});

test('when Redis loses everything, definitions are put back, streams are told, and all goes on', async () => {
  await using fleet = await openThree();
  const [a, b] = fleet.nodes;
  await createNamespace(a, 'music', { defaultTtl: seconds(77) });
  await known(fleet.nodes, 'music');
  const { token } = await cacheCalls(a, 'music').stored('k', 'v');
  const before = await getNamespace(a, 'music');
  using stream = await subscribed(b, { namespace: 'music' });
  await fleet.rig.flush();
  await until(() => stream.messages.some(({ $case }) => $case === 'reset'));
  const reset = stream.messages.find(({ $case }) => $case === 'reset');
  assert.equal(reset?.$case === 'reset' && reset.value.reason, ResetReason.HISTORY_GONE);
  for (const node of fleet.nodes) {
    const gone = async (): Promise<boolean> => (await cacheCalls(node, 'music').get('k')).$case === 'miss';
    await until(gone);
    const refused = await errorOf(cacheCalls(node, 'music').get('k', { consistency: atLeast(token) }));
    assert.equal(refused.reason, 'TOKEN_UNUSABLE');
  }
  const heard = stream.events.length;
  const stored = await cacheCalls(a, 'music').stored('k', 'new');
  assert.equal(textOf(await cacheCalls(b, 'music').hit('k', { consistency: atLeast(stored.token) })), 'new');
  await until(() => stream.events.length > heard);
  const holds = async (): Promise<boolean> => (await fleet.rig.servers[0]!.command('KEYS', '*control*')) !== '';
  await until(holds);
  await createNamespace(b, 'other');
  await known(fleet.nodes, 'other');
  const late = await fleet.add();
  const { settings, version } = await getNamespace(late, 'music');
  assert.deepEqual([settings, version], [before.settings, before.version]);
  assert.equal(textOf(await cacheCalls(late, 'music').hit('k', { consistency: atLeast(stored.token) })), 'new');
});

test('a change that comes first after Redis lost everything puts the definitions back too', async () => {
  await using fleet = await openThree();
  const [a, b, c] = fleet.nodes;
  await createNamespace(a, 'music');
  await known(fleet.nodes, 'music');
  await fleet.rig.flush();
  await createNamespace(b, 'other');
  await known(fleet.nodes, 'other');
  for (const node of [a, b, c, await fleet.add()]) {
    const { namespaces } = await node.call(listNamespaces, {});
    assert.deepEqual(
      namespaces.map(({ name }) => name),
      ['default', 'music', 'other'],
    );
  }
});

test('while Redis is away definitions are served from the copy, changes of them fail, and are made when it is back', async () => {
  await using rig = await openStandalone({ save: true });
  await using fleet = await openThree({ rig });
  const [a, b] = fleet.nodes;
  await createNamespace(a, 'music');
  await known(fleet.nodes, 'music');
  await rig.servers[0]!.kill();
  const refused = await errorOf(createNamespace(a, 'other'));
  assert.equal(refused.reason, 'STATE_UNAVAILABLE');
  assert.equal((await errorOf(b.call(deleteNamespace, { name: 'music' }))).reason, 'STATE_UNAVAILABLE');
  for (const node of fleet.nodes) {
    const { namespaces } = await node.call(listNamespaces, {});
    assert.deepEqual(
      namespaces.map(({ name }) => name),
      ['default', 'music'],
    );
  }
  await rig.servers[0]!.restart();
  await until(succeeds(() => createNamespace(a, 'other')));
  await known(fleet.nodes, 'other');
  await until(succeeds(() => cacheCalls(b, 'music').stored('k', 'v')));
});
