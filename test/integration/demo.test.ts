// Goal: through gRPC the server hits exactly as often as a plain LRU of the same capacity. Method: replay the beginning of
// the shipped trace, call after call, against the real server at two capacities, each in a namespace of its own; `make demo`
// replays the whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { planReplay } from '../../bench/demo/plan.ts';
import { type DemoResult, runDemo } from '../../bench/demo/run-demo.ts';
import type { RunningProcess } from '../../bench/support/processes.ts';
import { type RepriseAddresses, startReprise } from '../../bench/support/reprise-server.ts';
import { channelOptions } from '../../bench/support/rpc.ts';
import { shippedTracePath } from '../../bench/traces/synthetic.ts';
import { loadTrace } from '../../bench/traces/trace.ts';
import { systemClock } from '../../src/base/clock.ts';

const REQUESTS = 12_000;

let server: RunningProcess<RepriseAddresses>;
let client: Client;

before(async () => {
  server = await startReprise();
  client = new Client(server.ready.grpc, credentials.createInsecure(), channelOptions);
});

after(async () => {
  client.close();
  await server.stop();
});

async function replayShipped(capacityEntries: number, signal: AbortSignal): Promise<DemoResult> {
  const trace = await loadTrace(shippedTracePath, REQUESTS);
  const plan = planReplay(trace, { capacityEntries, valueBytes: 100 });
  return await runDemo({ client, plan, concurrency: 1, clock: systemClock, signal, onProgress: () => {} });
}

test('a trace hits as often as in a direct LRU, to the last hit', { timeout: 240_000 }, async ({ signal }) => {
  const results = await Promise.all([300, 1500].map((capacity) => replayShipped(capacity, signal)));
  for (const { plan, replay, directHits } of results) {
    assert.equal(replay.requests, plan.trace.requests);
    assert.equal(replay.refused, 0);
    assert.equal(replay.hits, directHits, `${plan.capacityEntries} entries`);
  }
  assert.ok(results[0]!.directHits < results[1]!.directHits, 'the capacities make a difference');
});
