// Goal: a link to one Redis runs each script once, tells what it does not know, and is back soon after whatever happens.
// Method: real servers, behind a proxy that loses replies and goes silent; no call is ever repeated by the test.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { OperatingError } from '../../../src/base/operating-error.ts';
import type { LinkOptions, RedisLink } from '../../../src/store/redis/link-options.ts';
import type { LinkEvent } from '../../../src/store/redis/link-state.ts';
import { startLink } from '../../../src/store/redis/open-link.ts';
import { type CutProxy, openCutProxy } from '../../support/redis/cut-proxy.ts';
import type { RedisProcess } from '../../support/redis/redis-process.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { rigUrlThrough } from '../../support/redis/rig-url.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { countUp, linkOptions, luaScript, openTestLink, readCount, reasonOf, ring } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

// Of one connection.
const CALLS_MAX = 16_384;

let rig: RedisRig;
let server: RedisProcess;
let proxy: CutProxy;
const links: RedisLink[] = [];

before(async () => {
  rig = await openStandalone();
  server = rig.servers[0]!;
  proxy = await openCutProxy(server.port);
});

afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await proxy.pass();
  await rig.flush();
});

after(async () => {
  await proxy.close();
  await rig.stop();
});

async function open(more: Partial<LinkOptions> = {}): Promise<RedisLink> {
  const link = await openTestLink(rig, more);
  links.push(link);
  return link;
}

async function openThroughProxy(more: Partial<LinkOptions> = {}): Promise<RedisLink> {
  const link = await openTestLink({ url: rigUrlThrough(rig, [proxy.port]), caFile: undefined }, more);
  links.push(link);
  return link;
}

test('a script that the server does not know is sent by its text, on both lanes', async () => {
  const link = await open();
  assert.equal((await link.run('commands', countUp('a'))).answer, 1);
  await server.command('SCRIPT', 'FLUSH');
  assert.equal((await link.run('heartbeat', countUp('a'))).answer, 2);
  assert.equal((await link.run('commands', countUp('a'))).answer, 3);
});

test('bytes go there and come back as they are', async () => {
  const link = await open();
  const echo = luaScript('return {ARGV[1], #ARGV[2], ARGV[3]}', true);
  const bytes = Buffer.from([0, 13, 10, 255]);
  const { answer } = await link.run('commands', { script: echo, keys: ['ä'], args: [bytes, 'ä', 7] });
  assert.deepEqual(answer, [bytes, 2, Buffer.from('7')]);
});

test('the server that answers is named by its run id, another one after a restart', async () => {
  const link = await open();
  const { server: first } = await link.run('commands', countUp('a'));
  assert.match(String(await server.command('INFO', 'server')), new RegExp(`run_id:${first}`));
  assert.ok(link.inForce('a', first));
  await server.restart();
  await until(() => link.ready, { withinMs: 5000, what: 'the link after a restart' });
  assert.notEqual((await link.run('commands', countUp('a'))).server, first);
});

test('a change whose reply is lost has an unknown outcome and is applied exactly once', async () => {
  const link = await openThroughProxy();
  let unknown = 0;
  for (let round = 0; round < 40; round++) {
    await until(() => link.ready, { what: 'a connection' });
    proxy.dropReplies(1);
    const reason = await reasonOf(link.run('commands', countUp(`a${round}`)));
    // A ping may have lost its reply in its place.
    if (reason === 'OUTCOME_UNKNOWN') unknown++;
    const applied = String(await server.command('GET', `a${round}`));
    assert.equal(applied, reason === 'STORE_UNAVAILABLE' ? 'null' : '1', `round ${round}: ${reason}`);
  }
  assert.ok(unknown >= 20, `only ${unknown} of 40 replies were lost`);
});

test('a read whose reply is lost says only that the store is unavailable', async () => {
  const link = await openThroughProxy();
  const reasons = new Set<string>();
  for (let round = 0; round < 10; round++) {
    await until(() => link.ready, { what: 'a connection' });
    proxy.dropReplies(1);
    reasons.add(await reasonOf(link.run('commands', readCount('a'))));
  }
  assert.ok(reasons.has('STORE_UNAVAILABLE'));
  assert.ok(!reasons.has('OUTCOME_UNKNOWN'));
});

test('without a connection calls fail at once, and say when to come back', async () => {
  const link = await openThroughProxy();
  await proxy.cut();
  await until(() => !link.ready, { what: 'the end of the connection' });
  const startedMs = performance.now();
  await assert.rejects(link.run('commands', countUp('a')), (error: OperatingError) => {
    assert.equal(error.reason, 'STORE_UNAVAILABLE');
    assert.equal(error.detail.retryAfterMs, 250);
    return true;
  });
  assert.ok(performance.now() - startedMs < 50);
  assert.equal(await server.command('EXISTS', 'a'), 0);
});

test('a server that says nothing is noticed, given up, and used again when it answers', async (t) => {
  const events: LinkEvent[] = [];
  const link = await openThroughProxy({ listener: (event) => events.push(event) });
  proxy.hold();
  const heldMs = performance.now();
  const silent = ({ kind }: LinkEvent): boolean => kind === 'lost';
  await until(() => events.filter(silent).length === 3, { withinMs: 5000, what: 'the loss of all connections' });
  t.diagnostic(`silence noticed after ${Math.round(performance.now() - heldMs)} ms`);
  assert.ok(performance.now() - heldMs < 2500);
  await proxy.resume();
  const resumedMs = performance.now();
  await until(() => link.ready, { withinMs: 5000, what: 'the link after the silence' });
  t.diagnostic(`usable after ${Math.round(performance.now() - resumedMs)} ms`);
  assert.equal((await link.run('commands', readCount('a'))).answer, 0);
});

test('a call that takes too long is given up within its time', async () => {
  const link = await openThroughProxy({ commandTimeoutMs: 200 });
  proxy.hold();
  const startedMs = performance.now();
  assert.equal(await reasonOf(link.run('commands', countUp('a'))), 'OUTCOME_UNKNOWN');
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs >= 195 && tookMs < 600, `${tookMs} ms`);
});

test('calls beyond the bound of those that wait fail at once', async () => {
  const link = await openThroughProxy();
  proxy.hold();
  const waiting = Array.from({ length: CALLS_MAX - 1 }, () => link.run('commands', readCount('a')));
  const settled = Promise.allSettled(waiting);
  // A ping may be waiting too.
  const more = [reasonOf(link.run('commands', countUp('a'))), reasonOf(link.run('commands', countUp('a')))];
  assert.equal(await more[1], 'STORE_UNAVAILABLE');
  await proxy.resume();
  await settled;
});

test('a server that became a replica is left, and used again when it is a primary', async () => {
  const link = await open();
  await server.command('REPLICAOF', '127.0.0.1', 1);
  assert.equal(await reasonOf(link.run('commands', countUp('a'))), 'STORE_UNAVAILABLE');
  await until(() => !link.ready, { what: 'the end of the connections' });
  assert.match(link.why, /replica/);
  await server.command('REPLICAOF', 'NO', 'ONE');
  await until(() => link.ready, { what: 'the link after the promotion' });
  assert.equal((await link.run('commands', countUp('a'))).answer, 1);
});

test('errors of the server say what to do and nothing of keys; those of scripts are reasons', async () => {
  const link = await open();
  await link.run('commands', countUp('secret'));
  const wrong = luaScript("return redis.call('HGET', KEYS[1], 'f')", true);
  await assert.rejects(link.run('commands', { script: wrong, keys: ['secret'], args: [] }), (error: OperatingError) => {
    assert.equal(error.reason, 'STORE_UNAVAILABLE');
    assert.match(String(error.cause), /WRONGTYPE.*@user_script:1/);
    assert.doesNotMatch(`${error.message} ${error.cause}`, /secret/);
    return true;
  });
  const own = luaScript("return redis.error_reply('REQUEST_IDS_FULL requestIdsMax=7 retryAfterMs=40')");
  await assert.rejects(link.run('commands', { script: own, keys: ['a'], args: [] }), (error: OperatingError) => {
    assert.deepEqual(
      [error.reason, error.detail],
      ['REQUEST_IDS_FULL', { metadata: { requestIdsMax: 7 }, retryAfterMs: 40 }],
    );
    return true;
  });
});

test('a full store changed nothing', async () => {
  const link = await open();
  await server.command('CONFIG', 'SET', 'maxmemory', 1);
  assert.equal(await reasonOf(link.run('commands', countUp('a'))), 'STORE_UNAVAILABLE');
  await server.command('CONFIG', 'SET', 'maxmemory', 0);
});

test('who listens hears messages, and of a gap after each new connection', async () => {
  const link = await openThroughProxy();
  const heard: string[] = [];
  let gaps = 0;
  await link.listen(
    'bell',
    (payload) => heard.push(String(payload)),
    () => gaps++,
  );
  await link.run('commands', ring('bell', 'one'));
  await until(() => heard.length === 1, { what: 'the first message' });
  assert.equal(gaps, 0);
  await proxy.cut();
  await proxy.resume();
  await until(() => gaps === 1 && link.ready, { what: 'the gap' });
  await link.run('commands', ring('bell', 'two'));
  await until(() => heard.length === 2, { what: 'the second message' });
  assert.deepEqual(heard, ['one', 'two']);
});

test('who listens before there is a connection hears of a gap when there is one', async () => {
  const link = startLink(linkOptions(rig));
  links.push(link);
  let gaps = 0;
  await link.listen(
    'bell',
    () => {},
    () => gaps++,
  );
  await until(() => gaps === 1, { what: 'the gap' });
});

test('a closed link fails its calls at once, and connects no more', async () => {
  const link = await openThroughProxy();
  proxy.hold();
  const waiting = reasonOf(link.run('commands', countUp('a')));
  await link.close();
  assert.equal(await waiting, 'OUTCOME_UNKNOWN');
  assert.equal(await reasonOf(link.run('commands', countUp('a'))), 'STORE_UNAVAILABLE');
});
