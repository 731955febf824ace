// Goal: grpc.health.v1 tells each service's health, and watchers hear at once that the server drains. Method: real gRPC.
import assert from 'node:assert/strict';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import { healthServices } from '../../src/api/health.ts';
import { HealthService, HealthCheckResponse_ServingStatus as Serving } from '../../src/gen/grpc/health/v1/health.ts';
import { errorOf } from '../support/call.ts';
import { watchHealth } from '../support/health-calls.ts';
import { startTestServer } from '../support/test-server.ts';
import { within } from '../support/until.ts';

for (const service of healthServices) {
  test(`Check says that "${service}" is SERVING`, async () => {
    await using server = await startTestServer();
    assert.equal((await server.call(HealthService.check, { service })).status, Serving.SERVING);
  });
}

test('Check of an unknown service is NOT_FOUND', async () => {
  await using server = await startTestServer();
  const checking = server.call(HealthService.check, { service: 'reprise.v1.Nothing' });
  assert.equal((await errorOf(checking)).code, status.NOT_FOUND);
});

test('List tells all services', async () => {
  await using server = await startTestServer();
  const { statuses } = await server.call(HealthService.list, {});
  const told = [...statuses].map(([service, { status }]) => [service, status]);
  assert.deepEqual(told.toSorted(), healthServices.map((service) => [service, Serving.SERVING]).toSorted());
});

test('Watch of an unknown service says SERVICE_UNKNOWN', async () => {
  await using server = await startTestServer();
  using watch = watchHealth(server.client, 'reprise.v1.Nothing');
  await watch.reached(1);
  assert.deepEqual(watch.heard, [Serving.SERVICE_UNKNOWN]);
});

for (const service of healthServices) {
  test(`who watches "${service}" hears NOT_SERVING when the server drains`, async () => {
    await using server = await startTestServer();
    using watch = watchHealth(server.client, service);
    await watch.reached(1);
    const drained = server.server.drain();
    await watch.reached(2);
    assert.deepEqual(watch.heard, [Serving.SERVING, Serving.NOT_SERVING]);
    assert.equal(await within(drained, { what: 'the end of the drain' }), true, 'the open stream does not hold it up');
  });
}
