// Goal: restarting all nodes loses no change and brings no storm of reconnects (Resumable). Method: 1000 streams follow ten
// generations of servers over one store, while changes go on; each checks that it gets every change, in order, once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { MemoryControlDocuments } from '../../src/store/memory/memory-control-documents.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { textValue } from '../support/cache-calls.ts';
import { Follower } from '../support/follower.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const STREAMS = 1000;
const STREAMS_PER_CONNECTION = 125;
const RESTARTS = 10;
const CHANGES_PER_PHASE = 8;
const RETRY_MS_MAX = 3000;
/** Streams come back after this share of the time they were told, so that the test is quick. */
const HASTE = 0.1;
const NAMESPACE = 'rolling';
/** Ten thousand streams are opened, perhaps beside other tests. */
const PATIENCE = { withinMs: 60_000 };

test('1000 streams follow ten restarts, miss nothing, and come back spread over three seconds', async (context) => {
  const documents = new MemoryControlDocuments();
  let server = await startTestServer({ documents });
  const { store } = server;
  // The store and the documents outlive the servers, as Redis outlives nodes.
  store.close = () => undefined;
  documents.close = () => Promise.resolve();
  await createNamespace(server, NAMESPACE);
  let clients = clientsOf(server);
  context.after(async () => {
    const last = clients;
    clients = [];
    for (const client of last) client.close();
    await server[Symbol.asyncDispose]();
  });
  const clientFor = (index: number): Client | undefined => clients[index % clients.length];
  const place = { namespace: NAMESPACE, haste: HASTE, clientFor };
  const followers = Array.from({ length: STREAMS }, (_, index) => new Follower(place, index));
  for (const follower of followers) follower.open();
  await until(() => followers.every(({ resumed }) => resumed === 1), PATIENCE);

  let changes = 0;
  const change = async (): Promise<void> => {
    for (let i = 0; i < CHANGES_PER_PHASE; i++) {
      const request = { namespace: NAMESPACE, key: `k${changes++}`, content: textValue('v') };
      await server.call(CacheServiceService.set, request);
    }
  };
  for (let restart = 1; restart <= RESTARTS; restart++) {
    await change();
    const old = server;
    const oldClients = clients;
    server = await startTestServer({ documents, store });
    clients = clientsOf(server);
    const drained = old[Symbol.asyncDispose]();
    await change();
    await until(() => followers.every(({ resumed }) => resumed === restart + 1), PATIENCE);
    await drained;
    for (const client of oldClients) client.close();
  }
  await until(() => followers.every(({ next }) => next === changes), PATIENCE);
  assert.equal(changes, 2 * CHANGES_PER_PHASE * RESTARTS);
  assert.deepEqual(
    followers.flatMap(({ complaints }) => complaints),
    [],
  );
  for (const { resets, broken } of followers) assert.deepEqual({ resets, broken }, { resets: 0, broken: 0 });
  assertSpread(followers.flatMap(({ comings }) => comings.map(({ toldMs }) => toldMs)));
});

function clientsOf({ address }: TestServer): Client[] {
  const own = { 'grpc.use_local_subchannel_pool': 1 };
  const count = STREAMS / STREAMS_PER_CONNECTION;
  return Array.from({ length: count }, () => new Client(address, credentials.createInsecure(), own));
}

/** Each tenth of the three seconds has its tenth of the reconnects, give or take a half. */
function assertSpread(retriesMs: readonly number[]): void {
  assert.equal(retriesMs.length, STREAMS * RESTARTS);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const retryMs of retriesMs) tenths[Math.floor((retryMs / RETRY_MS_MAX) * 10)]!++;
  for (const count of tenths) assert.ok(Math.abs(count / retriesMs.length - 0.1) < 0.05, tenths.join(' '));
}
