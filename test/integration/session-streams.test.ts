// Goal: on the Node that is shipped, sessions keep their streams in slots, and nothing is left of those that ended. Method:
// the state of the session that real calls come in by.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Stream, ServerHttp2Session } from 'node:http2';
import { test } from 'node:test';
import { SlotMap } from '../../src/base/slot-map.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { startTestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

function streamsOf(session: ServerHttp2Session): unknown {
  const symbol = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'state')!;
  return (session as unknown as Record<symbol, { readonly streams: unknown }>)[symbol]!.streams;
}

test('streams lie in slots from the first one on, and leave them when they end', async () => {
  await using server = await startTestServer();
  const seen = new Set<unknown>();
  let session: ServerHttp2Session | undefined;
  const onCreated = (message: unknown): void => {
    session = (message as { readonly stream: Http2Stream }).stream.session as ServerHttp2Session;
    seen.add(streamsOf(session));
  };
  subscribe('http2.server.stream.created', onCreated);
  try {
    const get = () => server.call(CacheServiceService.get, { namespace: 'default', key: 'k' });
    await get();
    await Promise.all(Array.from({ length: 40 }, get));
  } finally {
    unsubscribe('http2.server.stream.created', onCreated);
  }
  const [streams, ...others] = seen;
  assert.ok(streams instanceof SlotMap && others.length === 0, 'one table, in slots, for all calls of the session');
  await until(() => streams.size === 0, { what: 'the end of all streams' });
});
