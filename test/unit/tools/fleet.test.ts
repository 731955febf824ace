// Goal: what `make fleet` shows can be read, and its ports are free ones. Method: lines of logs and a port that is taken.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../../../tools/fleet/free-port.ts';
import { readableLine } from '../../../tools/fleet/readable-line.ts';

const LINE =
  '{"level":"info","time":"2026-01-01T00:00:00Z","event":"serverListening","port":7171,"tls":false,"msg":"hi"}';

test('a log line is shown as level, text and fields, any other line as it is', () => {
  assert.equal(readableLine(LINE), 'info  hi  port=7171 tls=false');
  assert.equal(readableLine('{"level":"warn","event":"a","msg":"hi"}'), 'warn  hi');
  for (const line of ['reprise: no', '', '{', '[]', '7']) assert.equal(readableLine(line), line);
});

test('a port that is free is taken, one that is not is replaced', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const other = await freePort(port);
  assert.notEqual(other, port);
  assert.equal(await freePort(other), other);
});
