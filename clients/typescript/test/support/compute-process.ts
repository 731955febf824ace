// A process with 1000 callers who all want one key: started by a test, which tells it when to begin.
import { once } from 'node:events';
import { connect } from '../../src/index.ts';

const [address = '', key = ''] = process.argv.slice(2);
await using client = await connect(address, { timeoutMs: 20_000 });
// The connection is there before everybody asks at once.
await client.exists(key);
let computed = 0;
const compute = async (): Promise<string> => {
  computed++;
  // Long enough for the other processes to ask meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return 'computed';
};
console.log('ready');
await once(process.stdin, 'data');
const asking = Array.from({ length: 1000 }, () => client.getOrCompute(key, { ttlMs: 60_000, waitMs: 30_000 }, compute));
const values = new Set(await Promise.all(asking));
console.log(JSON.stringify({ computed, values: [...values] }));
process.stdin.destroy();
