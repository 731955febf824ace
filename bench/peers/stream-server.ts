import { readFileSync } from 'node:fs';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { limits } from '../../src/base/limits.ts';
import { SubscribeResponse } from '../../src/gen/reprise/v1/invalidation_service.ts';

/**
 * The least that a grpc-js server can do to tell subscribers of changes: `node stream-server.ts SET_PATH=ANSWER_FILE
 * SUBSCRIBE_PATH=EVENTS_FILE` answers every call of SET_PATH with the same bytes and, once in each turn of the event
 * loop, writes as many copies of one event as calls came to everybody who called SUBSCRIBE_PATH. It matches nothing,
 * keeps nothing and encodes each message once in its life. What is between this and Reprise is Reprise. Writes
 * `listening 127.0.0.1:PORT` once it serves.
 */
const [[setPath, answer], [subscribePath, one]] = process.argv.slice(2).map((argument) => {
  const [path, file] = argument.split('=') as [string, string];
  return [path, readFileSync(file)] as const;
}) as [readonly [string, Buffer], readonly [string, Buffer]];

type Subscriber = ServerWritableStream<Buffer, Buffer>;

const passThrough = (bytes: Buffer): Buffer => bytes;
const codec = {
  requestStream: false,
  requestSerialize: passThrough,
  requestDeserialize: passThrough,
  responseSerialize: passThrough,
  responseDeserialize: passThrough,
} as const;
const subscribers = new Set<Subscriber>();
const messages = new Map<number, Buffer>();
let changes = 0;

const set: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
  if (changes === 0) setImmediate(tell);
  changes += 1;
  callback(null, answer);
};

const subscribe: handleServerStreamingCall<Buffer, Buffer> = (call) => {
  subscribers.add(call);
  call.on('cancelled', () => subscribers.delete(call));
  call.write(encoded({ $case: 'ready', value: { token: '', progressInterval: undefined } }));
};

function tell(): void {
  const message = messages.get(changes) ?? copiesOf(changes);
  changes = 0;
  for (const call of subscribers) call.write(message);
}

function copiesOf(count: number): Buffer {
  const { event } = SubscribeResponse.decode(one);
  if (event?.$case !== 'events') throw new Error('EVENTS_FILE holds no events');
  const events = Array.from({ length: count }, () => event.value.events[0]!);
  const message = encoded({ $case: 'events', value: { ...event.value, events } });
  messages.set(count, message);
  return message;
}

function encoded(event: SubscribeResponse['event']): Buffer {
  return Buffer.from(SubscribeResponse.encode({ event }).finish());
}

const server = new Server({ 'grpc.enable_channelz': 0, 'grpc.max_concurrent_streams': limits.streamsPerConnectionMax });
server.addService(
  {
    set: { ...codec, path: setPath, responseStream: false },
    subscribe: { ...codec, path: subscribePath, responseStream: true },
  },
  { set, subscribe },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(`listening 127.0.0.1:${port}`);
});
process.once('SIGTERM', () => server.forceShutdown());
