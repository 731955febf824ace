// Goal: probes and scrapers are answered, nonsense is refused. Method: HTTP and raw sockets on 127.0.0.1.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { silentLog } from '../../../src/telemetry/log.ts';
import { type OpsOptions, OpsServer, opsLimits } from '../../../src/telemetry/ops-server.ts';

const contentType = 'text/plain; version=0.0.4';
const metrics = async () => ({ contentType, render: async () => 'reprise_ready 1\n' });

async function served(context: TestContext, options: Partial<OpsOptions> = {}): Promise<string> {
  const server = new OpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    notReadyBecause: () => undefined,
    degradedBecause: () => undefined,
    log: silentLog,
    ...options,
  });
  context.after(() => server.close());
  return `http://127.0.0.1:${await server.start()}`;
}

test('/healthz is 200 while the process lives, ready or not', async (context) => {
  const url = await served(context, { notReadyBecause: () => 'draining' });
  const response = await fetch(`${url}/healthz`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'ok\n');
});

test('/readyz is 200 when ready, else 503 with the reason', async (context) => {
  let reason: string | undefined = 'draining';
  const url = await served(context, { notReadyBecause: () => reason });
  const refused = await fetch(`${url}/readyz`);
  assert.equal(refused.status, 503);
  assert.equal(await refused.text(), 'draining\n');
  reason = undefined;
  assert.equal((await fetch(`${url}/readyz?verbose`)).status, 200);
});

test('/readyz says what a server lacks that is ready all the same, and nothing of it when it is not', async (context) => {
  let reason: string | undefined;
  const url = await served(context, { notReadyBecause: () => reason, degradedBecause: () => 'no store' });
  const ready = await fetch(`${url}/readyz`);
  assert.deepEqual([ready.status, await ready.text()], [200, 'ready\ndegraded: no store\n']);
  reason = 'draining';
  const refused = await fetch(`${url}/readyz`);
  assert.deepEqual([refused.status, await refused.text()], [503, 'draining\n']);
});

test('/metrics is the registry with its media type', async (context) => {
  const response = await fetch(`${await served(context)}/metrics`);
  assert.equal(await response.text(), 'reprise_ready 1\n');
  assert.equal(response.headers.get('content-type'), contentType);
});

test('HEAD answers as GET does, without the body', async (context) => {
  const response = await fetch(`${await served(context)}/metrics`, { method: 'HEAD' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), '16');
  assert.equal(await response.text(), '');
});

test('other paths are 404, other methods 405, with text', async (context) => {
  const url = await served(context);
  const missing = await fetch(`${url}/`);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /\/metrics, \/healthz or \/readyz/);
  const posted = await fetch(`${url}/healthz`, { method: 'POST', body: 'x' });
  assert.equal(posted.status, 405);
  assert.equal(posted.headers.get('allow'), 'GET, HEAD');
});

test('a scrape that fails is 500 and logged, without details outward', async (context) => {
  const logged: string[] = [];
  const log = { ...silentLog, write: (event: string) => void logged.push(event) };
  const broken = async () => ({ contentType, render: () => Promise.reject(new Error('secret')) });
  const response = await fetch(`${await served(context, { metrics: broken, log })}/metrics`);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), 'internal error\n');
  assert.deepEqual(logged, ['opsRequestFailed']);
});

test('a head larger than the limit is refused', async (context) => {
  const headers = { 'x-large': 'x'.repeat(opsLimits.headerBytesMax) };
  const response = await fetch(`${await served(context)}/healthz`, { headers });
  assert.equal(response.status, 431);
});

test('what is not HTTP is refused, and the server answers afterwards', async (context) => {
  const url = await served(context);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\xff');
  assert.match(await text(socket), /^HTTP\/1\.1 400/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test('close ends connections that are kept alive', async () => {
  const server = new OpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    notReadyBecause: () => undefined,
    degradedBecause: () => undefined,
    log: silentLog,
  });
  const port = await server.start();
  const agent = new Agent({ keepAlive: true });
  const request = httpGet({ host: '127.0.0.1', port, path: '/healthz', agent });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const ended = once(response.socket, 'close');
  await text(response);
  await server.close();
  await ended;
  agent.destroy();
});

test('closing twice, or before the start, does nothing', async () => {
  const server = new OpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    notReadyBecause: () => undefined,
    degradedBecause: () => undefined,
    log: silentLog,
  });
  await server.close();
  await server.start();
  await server.close();
  await server.close();
});

test('a port that is taken is refused with what to do', async (context) => {
  const port = Number(new URL(await served(context)).port);
  await assert.rejects(served(context, { port }), {
    message: `can't serve metrics on port ${port} (EADDRINUSE): choose another with --ops-listen, or off`,
  });
});
