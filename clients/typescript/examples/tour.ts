// A tour of the client against a server: node examples/tour.ts 127.0.0.1:7171
import { connect } from '../src/index.ts';

const [address = '127.0.0.1:7171'] = process.argv.slice(2);
await using cache = await connect(address, { nearCache: true, timeoutMs: 20_000 });

// A value that is computed once, however many callers ask.
const loadTrack = async (): Promise<{ title: string }> => ({ title: 'Karma Police' });
const track = await cache.getOrCompute('track:63', { ttlMs: 60_000, tags: ['artist:7'] }, loadTrack);
console.log('computed:', track?.title);

// A read tells a hit from a miss and from a negative entry.
const found = await cache.get<{ title: string }>('track:63');
if (found.kind === 'hit') console.log('read:', found.value.title, `fresh for ${Math.round(found.freshForMs / 1000)} s`);

// Somebody listens while the artist's data changes at its source.
const listening = cache.subscribe({ includeOwn: true });
const told = (async () => {
  for await (const change of listening.changes) return change.cause;
  return 'nothing';
})();
while (listening.state !== 'READY') await new Promise((resolve) => setTimeout(resolve, 10));
await cache.invalidateTags(['artist:7']);
console.log('told:', await told);
console.log('then:', (await cache.get('track:63')).kind);
