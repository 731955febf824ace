// Prints what a near hit, a Get and a batched Get give on this machine, beside a bare Map: node bench/near.ts [ADDRESS].
// Without an address it starts a server of its own. The contestants of a group take turns, and the median of their rounds
// counts. Near hits are counted by the processor's time, which others on the machine take less from than from the clock's.
import { type Client, connect, type Lookup, rawCodec } from '../src/index.ts';
import { startServer } from '../test/support/server.ts';
import { until } from '../test/support/until.ts';

const KEYS = 1000;
const ROUNDS = 21;
const ROUND_MS = 50;
const BYTES = new Uint8Array(100).fill(7);
const OBJECT = { title: 'Karma Police', artist: 7, seconds: 263, tags: ['rock', '1997'], live: false };
const rawKeys = Array.from({ length: KEYS }, (_, i) => `raw:${i}`);
const jsonKeys = Array.from({ length: KEYS }, (_, i) => `json:${i}`);

/** Somebody who is measured. */
interface Contestant {
  readonly name: string;
  /** Does some work, and returns how much. */
  readonly work: () => number | Promise<number>;
}

/** Returns the milliseconds that a clock has gone on since another time that it was read. */
type Stopwatch = () => number;

const stopwatches = {
  processor(): Stopwatch {
    const began = process.cpuUsage();
    return () => {
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000;
    };
  },
  wall(): Stopwatch {
    const beganMs = performance.now();
    return () => performance.now() - beganMs;
  },
};

/** Prints how much each contestant does a second, and how that is to the first of them. */
async function compare(watch: keyof typeof stopwatches, contestants: readonly Contestant[]): Promise<void> {
  const rates = new Map<Contestant, number[]>(contestants.map((one) => [one, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const one of contestants) {
      const rate = await rateOf(one, stopwatches[watch]());
      // The first round is for the compiler.
      if (round > 0) rates.get(one)!.push(rate);
    }
  }
  const [first] = contestants.map((one) => median(rates.get(one)!));
  for (const one of contestants) {
    const rate = median(rates.get(one)!);
    const perSecond = Math.round(rate * 1000).toLocaleString('en');
    console.log(`${one.name.padEnd(40)} ${perSecond.padStart(12)} /s  1/${(first! / rate).toFixed(1)}`);
  }
}

async function rateOf({ work }: Contestant, elapsedMs: Stopwatch): Promise<number> {
  const endMs = performance.now() + ROUND_MS;
  let done = 0;
  while (performance.now() < endMs) done += await work();
  const rate = done / elapsedMs();
  // The stream must be heard, or nothing is proven any more.
  await new Promise((resolve) => setImmediate(resolve));
  return rate;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

const [asked] = process.argv.slice(2);
await using server = asked === undefined ? await startServer() : undefined;
const address = asked ?? server!.address;
const open = { timeoutMs: 20_000 };
// So long that a busy machine interrupts no round: the path of a hit is the same.
const maxLagMs = 10_000;
await using near = await connect(address, { ...open, nearCache: { maxLagMs } });
await using sharing = await connect(address, { ...open, nearCache: { maxLagMs, shareDecoded: true } });
await using plain = await connect(address, { ...open, batching: false });
await using batching = await connect(address, open);

await plain.setMany(rawKeys.map((key) => ({ key, value: BYTES, codec: rawCodec })));
await plain.setMany(jsonKeys.map((key) => ({ key, value: OBJECT })));
const map = new Map(rawKeys.map((key) => [key, BYTES]));
for (const one of [near, sharing]) {
  await until(() => one.nearStats()?.serving === true, 'the near cache to be proven');
  await until(async () => {
    await one.getMany([...rawKeys, ...jsonKeys]);
    return one.nearStats()?.entries === 2 * KEYS;
  }, 'the near cache to be full');
}

const readBefore = readsOfServer();
let sum = 0;
let notServed = 0;

/** Looks all keys up, synchronously. */
function peekAll(one: Client, keys: readonly string[]): number {
  for (const key of keys) take(one.peek(key));
  return KEYS;
}

/** Reads all keys, one after another. */
async function getAll(one: Client, keys: readonly string[]): Promise<number> {
  for (const key of keys) take(await one.get(key));
  return KEYS;
}

/** What every reader does: it looks at the value. */
function take(found: Lookup<unknown> | undefined): void {
  if (found?.kind === 'hit' && found.value !== undefined) sum++;
  else notServed++;
}

await compare('processor', [
  {
    name: 'Map.get',
    work() {
      for (const key of rawKeys) if (map.get(key) !== undefined) sum++;
      return KEYS;
    },
  },
  { name: 'peek, raw', work: () => peekAll(near, rawKeys) },
  { name: 'peek, raw, shareDecoded', work: () => peekAll(sharing, rawKeys) },
  { name: 'peek, JSON', work: () => peekAll(near, jsonKeys) },
  { name: 'peek, JSON, shareDecoded', work: () => peekAll(sharing, jsonKeys) },
  { name: 'get, raw', work: () => getAll(near, rawKeys) },
  { name: 'get, raw, shareDecoded', work: () => getAll(sharing, rawKeys) },
  { name: 'get, JSON', work: () => getAll(near, jsonKeys) },
  { name: 'get, JSON, shareDecoded', work: () => getAll(sharing, jsonKeys) },
]);
console.log(`${notServed} looked up in vain, ${readsOfServer() - readBefore} read from the server\n`);

console.log('with the server, by the clock:');
await compare('wall', [
  { name: 'get, one after another', work: () => oneByOne(plain) },
  { name: 'get, 100 at a time, without batching', work: () => together(plain) },
  { name: 'get, 100 at a time, as one BatchGet', work: () => together(batching) },
]);
if (sum === 0) throw new Error('nothing was read');

function readsOfServer(): number {
  return near.nearStats()!.misses + sharing.nearStats()!.misses;
}

async function oneByOne(one: Client): Promise<number> {
  const keys = rawKeys.slice(0, 10);
  for (const key of keys) take(await one.get(key));
  return keys.length;
}

async function together(one: Client): Promise<number> {
  const found = await Promise.all(rawKeys.slice(0, 100).map((key) => one.get(key)));
  for (const each of found) take(each);
  return found.length;
}
