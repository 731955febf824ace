// Goal: a server tells its connections how many calls they may have open, and streams that last take no room from calls.
// Method: a plain HTTP/2 server and client, whose settings both show.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { StreamWindows } from '../../src/api/stream-windows.ts';
import { limits } from '../../src/base/limits.ts';
import { until } from '../support/until.ts';

const LASTING = '/lasts';

interface World extends AsyncDisposable {
  readonly windows: StreamWindows;
  readonly port: number;
  readonly sessions: ClientHttp2Session[];
  /** Opens a connection with one stream on it. */
  connected(): Promise<ClientHttp2Session>;
}

async function openWorld(): Promise<World> {
  const server: Http2Server = createServer({ settings: { maxConcurrentStreams: limits.streamsPerConnectionMax } });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.respond({ ':status': 200 });
    stream.on('error', () => undefined);
    if (headers[':path'] !== LASTING) stream.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const windows = new StreamWindows([LASTING]);
  windows.open(port);
  const sessions: ClientHttp2Session[] = [];
  return {
    windows,
    port,
    sessions,
    connected: async () => {
      const session = connect(`http://127.0.0.1:${port}`);
      sessions.push(session);
      await answered(session, '/call');
      return session;
    },
    [Symbol.asyncDispose]: async () => {
      windows.close();
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

async function answered(session: ClientHttp2Session, path: string): Promise<ClientHttp2Stream> {
  const stream = session.request({ ':path': path }, { endStream: true });
  stream.on('error', () => undefined).resume();
  await once(stream, 'response');
  return stream;
}

async function told(session: ClientHttp2Session, max: number): Promise<void> {
  await until(() => session.remoteSettings.maxConcurrentStreams === max, {
    what: `${max} streams, not ${session.remoteSettings.maxConcurrentStreams}`,
  });
}

test('all connections are told, those that come later too, and all again when it is over', async () => {
  await using world = await openWorld();
  const [one, two] = [await world.connected(), await world.connected()];
  world.windows.limit(7);
  await told(one, 7);
  await told(two, 7);
  const later = await world.connected();
  await told(later, 7);
  world.windows.limit(limits.streamsPerConnectionMax);
  for (const session of world.sessions) await told(session, limits.streamsPerConnectionMax);
});

test('of many changes in a row the last one is told, and nobody is dropped for being slow to acknowledge', async () => {
  await using world = await openWorld();
  const session = await world.connected();
  for (let max = 1; max <= 50; max += 1) world.windows.limit(max);
  await told(session, 50);
  assert.equal(session.destroyed, false);
});

test('streams that last take no room from calls', async () => {
  await using world = await openWorld();
  const session = await world.connected();
  const lasting = [await answered(session, LASTING), await answered(session, LASTING)];
  world.windows.limit(1);
  await told(session, 3);
  lasting.push(await answered(session, LASTING));
  await told(session, 4);
  for (const stream of lasting) stream.close();
  await told(session, 1);
});

test('no connection may have more than ever', async () => {
  await using world = await openWorld();
  const session = await world.connected();
  await answered(session, LASTING);
  world.windows.limit(limits.streamsPerConnectionMax - 1);
  await answered(session, '/call');
  assert.equal(session.remoteSettings.maxConcurrentStreams, limits.streamsPerConnectionMax);
});

test('connections of other servers of the process are left alone', async () => {
  await using world = await openWorld();
  await using other = await openWorld();
  const [ours, theirs] = [await world.connected(), await other.connected()];
  world.windows.limit(1);
  await told(ours, 1);
  await answered(theirs, '/call');
  assert.equal(theirs.remoteSettings.maxConcurrentStreams, limits.streamsPerConnectionMax);
});
