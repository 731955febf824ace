// Goal: a caller with a near cache learns how fresh it is, from any node, and hears of every new epoch. Method: complete
// nodes over a real Redis; one that hears nothing of it, and a failover to a replica.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { EventCause, InvalidationServiceService } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { msOf } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import { type FleetNode, openFleet, openThree } from '../../support/fleet.ts';
import { openPair } from '../../support/redis/pair.ts';
import { subscribed } from '../../support/subscriber.ts';
import { until } from '../../support/until.ts';

function headOf({ call }: FleetNode, streamToken = '', earlierHead = '') {
  return call(InvalidationServiceService.getHead, { streamToken, earlierHead });
}

test('a head is covered, by the word of any node, once the stream has told as much', async () => {
  await using fleet = await openThree();
  const [a, b, c] = fleet.nodes;
  using stream = await subscribed(a);
  const before = stream.token;
  const { token } = await b.cache.stored('k', 'v');
  await c.cache.hit('k', { consistency: { level: { $case: 'atLeast', value: { tokens: [token] } } } });
  const { head, age, covered } = await headOf(c, before);
  assert.equal(covered, false, 'nothing was asked about');
  assert.ok(msOf(age) <= 5000, `${msOf(age)} ms`);
  await stream.heard(1);
  for (const node of fleet.nodes) {
    assert.equal((await headOf(node, before, head)).covered, false, 'what was told before the change');
    assert.equal((await headOf(node, stream.token, head)).covered, true);
  }
});

test('what is no token of the namespace covers nothing', async () => {
  await using fleet = await openFleet({ nodes: 1 });
  const [node] = fleet.nodes as [FleetNode];
  const { head } = await headOf(node);
  assert.equal((await headOf(node, head, head)).covered, true);
  assert.equal((await headOf(node, 'garbage', head)).covered, false);
  assert.equal((await headOf(node, head, 'garbage')).covered, false);
});

test('a node that can prove nothing says so', async () => {
  await using fleet = await openFleet({ nodes: 1, maxLagMs: 300, heartbeatMs: 50 });
  const [node] = fleet.nodes as [FleetNode];
  await until(async () => (await headOf(node).catch(() => undefined)) !== undefined, { what: 'a proof' });
  await fleet.rig.servers[0]!.pause();
  await until(async () => (await headOf(node).catch(() => undefined)) === undefined, { what: 'no proof' });
  const { code, reason, retryDelay } = await errorOf(headOf(node));
  assert.deepEqual([code, reason], [status.UNAVAILABLE, 'STORE_UNAVAILABLE']);
  assert.ok(retryDelay !== undefined);
  await fleet.rig.servers[0]!.resume();
});

test('a new epoch is told, in its place, to streams that ask for it and to no other', async () => {
  await using pair = await openPair();
  await using fleet = await openFleet({ rig: pair.rig, nodes: 1 });
  const [node] = fleet.nodes as [FleetNode];
  using near = await subscribed(node, { epochs: true, prefixes: ['none:'] });
  using plain = await subscribed(node);
  const beginning = near.token;
  await node.cache.stored('k', 'before');
  await plain.heard(1);
  await pair.part();
  await pair.switchOver();
  const [epoch] = await near.heard(1);
  assert.deepEqual([epoch?.cause, epoch?.target], [EventCause.EPOCH, { $case: 'wholeNamespace', value: {} }]);
  await until(async () => (await node.cache.set('k', 'after').catch(() => undefined)) !== undefined, {
    what: 'a write',
  });
  const told = await plain.heard(2);
  assert.deepEqual(
    told.map(({ cause }) => cause),
    told.map(() => EventCause.SET),
  );
  using resumed = await subscribed(node, { epochs: true, resumeToken: beginning, causes: [EventCause.DELETE] });
  assert.equal((await resumed.heard(1))[0]?.cause, EventCause.EPOCH, 'also when the log is replayed');
});
