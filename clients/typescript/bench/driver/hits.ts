import { setImmediate } from 'node:timers/promises';
import { type Command, type Counted, Counter } from './command.ts';
import { fillNear, openNear } from './near-client.ts';

/** Reads between two looks at the clock, and between two turns of the event loop, in which the stream is heard. */
const READS = 1000;

/** Counts reads that stay in this process: of a near cache, or of a bare Map. */
export async function countHits(command: Command): Promise<Counted> {
  if (command.who === 'map') return countMap(command);
  const { address, namespace, keys, valueBytes } = command;
  await using client = await openNear(address, namespace, { shareDecoded: command.who === 'shared' });
  await fillNear(client, keys);
  const before = client.nearStats()!;
  const counted = await count(command.seconds, async () => {
    let bytes = 0;
    for (let read = 0; read < READS; read += 1) {
      const found = await client.get<Uint8Array>(keys[read % keys.length]!);
      if (found.kind === 'hit') bytes += found.value.length;
    }
    check(bytes, valueBytes);
  });
  const after = client.nearStats()!;
  const [hits, misses] = [after.hits - before.hits, after.misses - before.misses];
  return { ...counted, served: hits / (hits + misses) };
}

function countMap({ keys, valueBytes, seconds }: Command): Promise<Counted> {
  const map = new Map(keys.map((key) => [key, new Uint8Array(valueBytes)]));
  return count(seconds, () => {
    let bytes = 0;
    for (let read = 0; read < READS; read += 1) bytes += map.get(keys[read % keys.length]!)!.length;
    check(bytes, valueBytes);
  });
}

async function count(seconds: number, some: () => Promise<void> | void): Promise<Counted> {
  const counter = new Counter(seconds);
  while (!counter.isOver) {
    await some();
    counter.operations += READS;
    await setImmediate();
  }
  return counter.counted();
}

function check(bytes: number, valueBytes: number): void {
  if (bytes !== READS * valueBytes) throw new Error('a read found something else');
}
