// Goal: bytes that are no message are answered with MALFORMED_MESSAGE, what a newer client adds is accepted, and garbage
// below gRPC never harms other callers. Method: hand-made bytes to a server; after each it must answer a good call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Metadata, status } from '@grpc/grpc-js';
import { CacheServiceService, GetRequest, SetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls, textValue } from '../support/cache-calls.ts';
import { callRaw, errorFacts, errorOf } from '../support/call.ts';
import { messageFrame, sendBytes, sendStream } from '../support/raw-http2.ts';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const { get, set } = CacheServiceService;
const seed = seedOfRun();
const GET = { ':path': get.path };
const EMPTY = Buffer.alloc(0);

let server: ServerProcess;

before(async () => {
  server = await startServerProcess();
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

async function assertAnswers(): Promise<void> {
  await cacheCalls(server).stored('after', 'v');
  await cacheCalls(server).hit('after');
}

async function sendMessage(bytes: Buffer): Promise<string> {
  try {
    await callRaw(server.client, get.path, bytes, get.responseDeserialize);
    return 'OK';
  } catch (error) {
    return errorFacts(error).reason;
  }
}

const key = (text: string): Buffer => Buffer.from([0x12, text.length, ...Buffer.from(text)]);

/** Hand-made GetRequests: field 1 is the namespace, 2 the key, 3 the consistency, 5 a flag. */
const messages: Record<string, [bytes: Buffer, outcome: string]> = {
  'no bytes at all: every field has its default': [EMPTY, 'KEY_INVALID'],
  'an unknown field of every wire type': [
    Buffer.concat([
      key('k'),
      Buffer.from('f80601', 'hex'),
      Buffer.from('f9060102030405060708', 'hex'),
      Buffer.from('fa06026869', 'hex'),
      Buffer.from('fb06080afc06', 'hex'),
      Buffer.from('fd0601020304', 'hex'),
    ]),
    'OK',
  ],
  'a field twice: the last one counts': [Buffer.concat([key('\u0001'), key('k')]), 'OK'],
  'a known field of another wire type: unknown': [Buffer.from([0x10, 0x01]), 'KEY_INVALID'],
  'a tag without anything behind it': [Buffer.concat([key('k'), Buffer.of(0x12)]), 'MALFORMED_MESSAGE'],
  'a text shorter than its length': [Buffer.from([0x12, 0x05, 0x61]), 'MALFORMED_MESSAGE'],
  'a length beyond everything': [Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]), 'MALFORMED_MESSAGE'],
  'a length that never ends': [Buffer.alloc(40, 0xff), 'MALFORMED_MESSAGE'],
  'a varint that is cut off': [Buffer.from([0x28, 0x80]), 'MALFORMED_MESSAGE'],
  'a wire type that does not exist': [Buffer.concat([key('k'), Buffer.of(0x7e, 0x01)]), 'MALFORMED_MESSAGE'],
  'a key that is not UTF-8': [Buffer.from([0x12, 0x02, 0xc3, 0x28]), 'MALFORMED_MESSAGE'],
  'a key with a lone surrogate': [Buffer.from([0x12, 0x03, 0xed, 0xa0, 0x80]), 'MALFORMED_MESSAGE'],
  'a key in overlong UTF-8': [Buffer.from([0x12, 0x02, 0xc0, 0xaf]), 'MALFORMED_MESSAGE'],
  'a namespace that is not UTF-8': [Buffer.concat([Buffer.from([0x0a, 0x01, 0xff]), key('k')]), 'MALFORMED_MESSAGE'],
  'a nested message that is cut off': [Buffer.concat([key('k'), Buffer.from([0x1a, 0x09, 0x12])]), 'MALFORMED_MESSAGE'],
  'a group that does not end': [Buffer.concat([key('k'), Buffer.of(0xfb, 0x06)]), 'MALFORMED_MESSAGE'],
  'a million nested groups': [Buffer.concat([key('k'), Buffer.alloc(1_000_000, 0x7b)]), 'MALFORMED_MESSAGE'],
};

for (const [what, [bytes, outcome]] of Object.entries(messages)) {
  test(`${what}: ${outcome}`, async () => {
    assert.equal(await sendMessage(bytes), outcome);
    await assertAnswers();
  });
}

test('every beginning of a message is a message or MALFORMED_MESSAGE', async () => {
  const request = SetRequest.decode(EMPTY);
  const whole = Buffer.from(
    SetRequest.encode({
      ...request,
      key: 'key',
      content: textValue('value'),
      tags: ['t'],
      ttl: { seconds: 300n, nanos: 1 },
    }).finish(),
  );
  const reasons = new Set<string>();
  for (let end = 0; end < whole.length; end++) {
    const sending = callRaw(server.client, set.path, whole.subarray(0, end), set.responseDeserialize);
    reasons.add(
      await sending.then(
        () => 'OK',
        (error) => errorFacts(error).reason,
      ),
    );
  }
  assert.deepEqual([...reasons].sort(), ['FIELD_REQUIRED', 'MALFORMED_MESSAGE', 'OK']);
});

test(`1000 random byte strings, SEED=${seed}`, async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const random = new SeededRandom(seed);
  const strings = Array.from({ length: 1000 }, () => random.bytes(random.below(64)));
  const reasons = new Set(await Promise.all(strings.map(sendMessage)));
  const typed = ['MALFORMED_MESSAGE', 'KEY_INVALID', 'NAMESPACE_NOT_FOUND', 'OK', 'TOO_MANY_TOKENS'];
  assert.deepEqual(
    [...reasons].filter((reason) => !typed.includes(reason)),
    [],
  );
  await assertAnswers();
});

test('the fields of a BatchSet’s items are checked for UTF-8 too', async () => {
  const { batchSet } = CacheServiceService;
  const itemWithTag = Buffer.from([0x12, 0x03, 0x2a, 0x01, 0xff]);
  const facts = await errorOf(callRaw(server.client, batchSet.path, itemWithTag, batchSet.responseDeserialize));
  assert.deepEqual([facts.reason, facts.code], ['MALFORMED_MESSAGE', status.INVALID_ARGUMENT]);
});

test('an unknown method is UNIMPLEMENTED', async () => {
  for (const path of ['/reprise.v1.CacheService/Nothing', '/nothing.v1.Service/Get', '/x']) {
    assert.equal((await errorOf(callRaw(server.client, path, EMPTY, String))).code, status.UNIMPLEMENTED, path);
  }
});

const goodGet = Buffer.from(GetRequest.encode({ ...GetRequest.decode(EMPTY), key: 'k' }).finish());

test('metadata of 200 KB does not harm other callers', async () => {
  const metadata = new Metadata();
  for (let i = 0; i < 50; i++) metadata.set(`x-large-${i}`, 'x'.repeat(4000));
  await callRaw(server.client, get.path, goodGet, get.responseDeserialize, { metadata }).catch(() => undefined);
  await assertAnswers();
});

test('ten thousand metadata pairs do not harm other callers', async () => {
  const metadata = new Metadata();
  for (let i = 0; i < 10_000; i++) metadata.add('x-many', String(i));
  await callRaw(server.client, get.path, goodGet, get.responseDeserialize, { metadata }).catch(() => undefined);
  await assertAnswers();
});

/** Streams that are HTTP/2 but no unary gRPC call. */
const streams: Record<string, [headers: Record<string, string>, body: Buffer]> = {
  'no message': [GET, EMPTY],
  'half a frame header': [GET, Buffer.from([0, 0])],
  'a frame longer than the body': [GET, messageFrame(goodGet, { lengthBytes: 1000 })],
  'a frame of 4 GB': [GET, messageFrame(goodGet, { lengthBytes: 0xffff_ffff })],
  'a compressed frame of another encoding': [
    { ...GET, 'grpc-encoding': 'unknown' },
    messageFrame(goodGet, { compressed: 1 }),
  ],
  'a gzip frame that is no gzip': [{ ...GET, 'grpc-encoding': 'gzip' }, messageFrame(goodGet, { compressed: 1 })],
  'two messages': [GET, Buffer.concat([messageFrame(goodGet), messageFrame(goodGet)])],
  'another content type': [{ ...GET, 'content-type': 'application/json' }, Buffer.from('{}')],
  'no content type': [{ ...GET, 'content-type': '' }, messageFrame(goodGet)],
  'a GET': [{ ...GET, ':method': 'GET' }, EMPTY],
  'a deadline that is none': [{ ...GET, 'grpc-timeout': 'soon' }, messageFrame(goodGet)],
};

for (const [what, [headers, body]] of Object.entries(streams)) {
  test(`a stream with ${what} ends, without a success`, async () => {
    const end = await sendStream(server.address, headers, body);
    assert.ok(end.grpcStatus !== status.OK, JSON.stringify(end));
    await assertAnswers();
  });
}

/** Streams that the library forgives: no encoding means that nothing is compressed. */
const forgiven: typeof streams = {
  'a compressed frame without an encoding': [GET, messageFrame(goodGet, { compressed: 1 })],
  'a compression flag of 7': [GET, messageFrame(goodGet, { compressed: 7 })],
  'a deadline of 0': [{ ...GET, 'grpc-timeout': '0n' }, messageFrame(goodGet)],
};

for (const [what, [headers, body]] of Object.entries(forgiven)) {
  test(`a stream with ${what} ends`, async () => {
    assert.equal((await sendStream(server.address, headers, body)).dropped, false);
    await assertAnswers();
  });
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = Buffer.from('000000040000000000', 'hex');

/** Bytes on the plain port. */
const garbage: Record<string, Buffer> = {
  nothing: EMPTY,
  'an HTTP/1.1 request': Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  'a TLS hello': Buffer.from('16030100c8010000c40303', 'hex'),
  'half a preface': PREFACE.subarray(0, 10),
  'a preface and half a frame header': Buffer.concat([PREFACE, SETTINGS, Buffer.from('0000', 'hex')]),
  'half a HEADERS frame': Buffer.concat([PREFACE, SETTINGS, Buffer.from('00010001040000000182', 'hex')]),
  'a HEADERS frame of broken HPACK': Buffer.concat([
    PREFACE,
    SETTINGS,
    Buffer.from('000004010400000001ffffffff', 'hex'),
  ]),
  'DATA on a stream that is not open': Buffer.concat([PREFACE, SETTINGS, Buffer.from('00000100000000000900', 'hex')]),
  'a frame of 16 MB': Buffer.concat([
    PREFACE,
    SETTINGS,
    Buffer.from('ffffff000000000001', 'hex'),
    Buffer.alloc(100_000),
  ]),
  'a RST_STREAM of stream 0': Buffer.concat([PREFACE, SETTINGS, Buffer.from('00000403000000000000000000', 'hex')]),
  'ten thousand pings': Buffer.concat([
    PREFACE,
    SETTINGS,
    ...Array.from({ length: 10_000 }, () => Buffer.from('0000080600000000000000000000000000', 'hex')),
  ]),
  'ten thousand SETTINGS': Buffer.concat([PREFACE, ...Array.from({ length: 10_000 }, () => SETTINGS)]),
};

for (const [what, bytes] of Object.entries(garbage)) {
  test(`${what} on the port does not harm other callers`, async () => {
    await sendBytes(server.address, bytes);
    await sendBytes(server.address, bytes, { thenReset: true });
    await assertAnswers();
  });
}

test('100 connections of random bytes do not harm other callers', async () => {
  const random = new SeededRandom(seed);
  const sending = Array.from({ length: 100 }, (_, i) => {
    const bytes = random.bytes(1 + random.below(2000));
    return sendBytes(server.address, i % 2 === 0 ? bytes : Buffer.concat([PREFACE, SETTINGS, bytes]));
  });
  await Promise.all(sending);
  await assertAnswers();
});
