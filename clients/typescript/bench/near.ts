// Prints what the near cache, a Get and a batched Get give on this machine, beside a bare Map: node bench/near.ts [ADDRESS].
// Without an address it starts a server of its own.
import { connect, rawCodec } from '../src/index.ts';
import { startServer } from '../test/support/server.ts';
import { until } from '../test/support/until.ts';

const KEYS = 1000;
const VALUE = new Uint8Array(100).fill(7);
const SECONDS = 3;
const keys = Array.from({ length: KEYS }, (_, i) => `bench:${i}`);

/** Runs rounds of work for some seconds; each returns how many it did. Prints how many a second. */
async function measure(name: string, round: () => number | Promise<number>): Promise<void> {
  await round();
  const beganMs = performance.now();
  let done = 0;
  while (performance.now() - beganMs < SECONDS * 1000) done += await round();
  const perSecond = done / ((performance.now() - beganMs) / 1000);
  console.log(`${name.padEnd(44)} ${Math.round(perSecond).toLocaleString('en').padStart(12)} /s`);
}

const [asked] = process.argv.slice(2);
await using server = asked === undefined ? await startServer() : undefined;
const address = asked ?? server!.address;
await using near = await connect(address, { codec: rawCodec, nearCache: true, timeoutMs: 20_000 });
await using sharing = await connect(address, { codec: rawCodec, nearCache: { shareDecoded: true }, timeoutMs: 20_000 });
await using plain = await connect(address, { codec: rawCodec, batching: false, timeoutMs: 20_000 });
await using batching = await connect(address, { codec: rawCodec, timeoutMs: 20_000 });

await plain.setMany(keys.map((key) => ({ key, value: VALUE })));
const map = new Map(keys.map((key) => [key, VALUE]));
for (const one of [near, sharing]) {
  await until(() => one.nearStats()?.serving === true, 'the near cache to be proven');
  await until(async () => {
    await one.getMany(keys);
    return one.nearStats()?.entries === KEYS;
  }, 'the near cache to be full');
}

let sum = 0;
await measure('Map.get', () => {
  for (const key of keys) sum += map.get(key)!.length;
  return KEYS;
});
for (const [name, one] of [
  ['near cache hit, a copy each', near],
  ['near cache hit, shareDecoded', sharing],
] as const) {
  const before = one.nearStats()!;
  await measure(name, async () => {
    for (const key of keys) sum += (await one.get<Uint8Array>(key)).valueOr(VALUE).length;
    // The stream must be heard, or nothing is proven any more.
    await new Promise((resolve) => setImmediate(resolve));
    return KEYS;
  });
  const { hits, misses } = one.nearStats()!;
  const share = (100 * (hits - before.hits)) / (hits - before.hits + misses - before.misses);
  console.log(`${''.padEnd(44)} ${share.toFixed(2).padStart(12)} % of the reads`);
}
await measure('get, one after another', async () => {
  for (const key of keys.slice(0, 100)) sum += (await plain.get<Uint8Array>(key)).valueOr(VALUE).length;
  return 100;
});
await measure('get, 100 at a time, without batching', () => together(plain));
await measure('get, 100 at a time, as one BatchGet', () => together(batching));
if (sum === 0) throw new Error('nothing was read');

async function together(one: typeof plain): Promise<number> {
  const found = await Promise.all(keys.slice(0, 100).map((key) => one.get<Uint8Array>(key)));
  sum += found.length;
  return found.length;
}
