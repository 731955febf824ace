// Goal: a receipt tells the truth about nodes that stand still or die, and what it says of them stays true. Method: server
// processes over a real Redis; one is stopped and woken by signals, one is killed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GetResponse } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls } from '../support/cache-calls.ts';
import { startFleet } from '../support/fleet-nodes.ts';
import { receiptOf, statesIn } from '../support/receipts.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { subscribed } from '../support/subscriber.ts';
import { until } from '../support/until.ts';

/** Long, so that a busy machine leaves time for a receipt while a node that stands still may yet be trusted. */
const LAG_MS = 8000;
const KEYS = { keys: ['k'] };

/** Starts three nodes of one fleet: a, b and c. */
async function startThree() {
  const fleet = await startFleet(0, ['--max-lag', `${LAG_MS}ms`]);
  const [a, b, c] = [
    await fleet.add({ flags: ['--node-name', 'a'] }),
    await fleet.add({ flags: ['--node-name', 'b'] }),
    await fleet.add({ flags: ['--node-name', 'c'] }),
  ];
  return { a, b, c, add: fleet.add, [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose]() };
}

/** Has a node keep the key in its memory. */
async function hold(node: ServerProcess): Promise<void> {
  const get = (): Promise<NonNullable<GetResponse['result']>> => cacheCalls(node).get('k');
  await until(async () => (await get().catch(() => undefined))?.$case === 'hit', { what: 'the key on the node' });
  await get();
}

test('the start tells the node’s name', async () => {
  await using fleet = await startFleet(1, ['--node-name', 'cache-7']);
  assert.equal(fleet.nodes[0]!.logged('serverStarting')[0]!['name'], 'cache-7');
});

test('a node that stands still is BEHIND, then SILENT by itself, and serves nothing older when it wakes', async () => {
  await using fleet = await startThree();
  const { a, b, c } = fleet;
  await cacheCalls(a).stored('k', 'old');
  await hold(c);
  assert.deepEqual(statesIn(await receiptOf(a, { keys: ['other'] }, { wait: 'NODES' })), {
    a: 'APPLIED',
    b: 'APPLIED',
    c: 'APPLIED',
  });
  c.kill('SIGSTOP');
  try {
    const short = await receiptOf(b, KEYS, { wait: 'NODES', deadlineMs: 2000 });
    assert.deepEqual(statesIn(short), { a: 'APPLIED', b: 'APPLIED', c: 'BEHIND' });
    const long = await receiptOf(b, KEYS, { wait: 'NODES' });
    assert.deepEqual(statesIn(long), { a: 'APPLIED', b: 'APPLIED', c: 'SILENT' });
    assert.ok(long['c']!.silentMs! > LAG_MS);
  } finally {
    c.kill('SIGCONT');
  }
  const woken = cacheCalls(c);
  const outcomes = new Set<string>();
  const missed = async (): Promise<boolean> => {
    const read = await woken.get('k').catch(() => undefined);
    if (read !== undefined) outcomes.add(read.$case);
    return read !== undefined;
  };
  for (let i = 0; i < 50; i++) await missed();
  await until(missed, { what: 'an answer of the woken node', withinMs: 20_000 });
  assert.deepEqual(outcomes, new Set(['miss']));
  assert.deepEqual(statesIn(await receiptOf(a, KEYS, { wait: 'NODES' })), { a: 'APPLIED', b: 'APPLIED', c: 'APPLIED' });
});

test('a node that was killed is SILENT once it may not be trusted; one that was stopped is not named', async () => {
  await using fleet = await startThree();
  const { a, b, c } = fleet;
  using _stream = await subscribed(b);
  await receiptOf(a, KEYS, { wait: 'STREAMS' });
  b.kill('SIGKILL');
  await b.ended;
  const receipt = await receiptOf(a, KEYS, { wait: 'STREAMS' });
  assert.deepEqual(statesIn(receipt), { a: 'STREAMED', b: 'SILENT', c: 'STREAMED' });
  c.kill('SIGTERM');
  await c.ended;
  assert.deepEqual(statesIn(await receiptOf(a, KEYS, { wait: 'NODES' })), { a: 'APPLIED', b: 'SILENT' });
  await fleet.add({ flags: ['--node-name', 'd'] });
  assert.deepEqual(statesIn(await receiptOf(a, KEYS, { wait: 'NODES' })), { a: 'APPLIED', b: 'SILENT', d: 'APPLIED' });
});
