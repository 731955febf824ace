// One Set, one Get and one event over the generated stubs: `node src/try.mjs 127.0.0.1:7171`.
import { promisify } from 'node:util';
import { credentials, Metadata } from '@grpc/grpc-js';
import { CacheServiceClient, GetRequest, SetRequest } from './gen/reprise/v1/cache_service.ts';
import { InvalidationServiceClient, SubscribeRequest } from './gen/reprise/v1/invalidation_service.ts';

const target = process.argv[2] ?? '127.0.0.1:7171';
const cache = new CacheServiceClient(target, credentials.createInsecure());
const invalidation = new InvalidationServiceClient(target, credentials.createInsecure());

/** Makes a call with a deadline: without one it would wait for ever. */
function call(method, request) {
  return promisify(cache[method].bind(cache))(request, new Metadata(), { deadline: Date.now() + 10_000 });
}

const stream = invalidation.subscribe(SubscribeRequest.fromPartial({ keys: ['track:63'] }));
const messages = stream[Symbol.asyncIterator]();
const { value: first } = await messages.next();
console.log('stream:', first.event.$case);

const content = { $case: 'value', value: Buffer.from('Karma Police') };
const write = SetRequest.fromPartial({ key: 'track:63', content, ttl: { seconds: 600n } });
const { result: written } = await call('set', write);
console.log('set:', written.$case);

const { result: read } = await call('get', GetRequest.fromPartial({ key: 'track:63' }));
console.log('get:', read.$case, read.value.content.value.toString());

// Progress comes in between where nothing happens.
for (;;) {
  const { value: message } = await messages.next();
  if (message.event?.$case !== 'events') continue;
  const [event] = message.event.value.events;
  console.log('event:', event.target.value);
  break;
}
stream.on('error', () => undefined).cancel();
cache.close();
invalidation.close();
