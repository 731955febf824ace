import { type Client, connect, rawCodec } from '../../src/index.ts';
import { type Command, type Counted, Counter } from './command.ts';
import { Stub } from './stub.ts';

const TIMEOUT_MS = 20_000;

/** Makes a call and returns how many bytes of values it brought. */
type Call = () => Promise<number>;

/** Counts Gets of one key: of the client, of the client that makes batches of them, or of the generated stub. */
export async function countGets(command: Command): Promise<Counted> {
  const key = command.keys[0]!;
  if (command.who === 'stub') {
    using stub = new Stub(command);
    return await count(command, () => stub.get(), command.valueBytes);
  }
  await using client = await openClient(command, command.who === 'batching');
  const get = async (): Promise<number> => lengthOf(await client.get<Uint8Array>(key));
  return await count(command, get, command.valueBytes);
}

/** Counts keys that batches of all keys bring: of the client, or of the generated stub. */
export async function countBatches(command: Command): Promise<Counted> {
  const bytes = command.keys.length * command.valueBytes;
  if (command.who === 'stub') {
    using stub = new Stub(command);
    return inKeys(command, await count(command, () => stub.getMany(), bytes));
  }
  await using client = await openClient(command, false);
  const getMany = async (): Promise<number> => {
    let found = 0;
    for (const each of await client.getMany<Uint8Array>(command.keys)) found += lengthOf(each);
    return found;
  };
  return inKeys(command, await count(command, getMany, bytes));
}

/** Opens a client of raw values without a near cache. */
export function openClient({ address, namespace }: Command, batching: boolean): Promise<Client> {
  return connect(address, { namespace, codec: rawCodec, batching, timeoutMs: TIMEOUT_MS });
}

function lengthOf(found: { readonly kind: string; readonly value?: unknown }): number {
  return found.kind === 'hit' ? (found.value as Uint8Array).length : 0;
}

function inKeys({ keys }: Command, counted: Counted): Counted {
  return { ...counted, operations: counted.operations * keys.length };
}

async function count({ callers, seconds }: Command, call: Call, bytes: number): Promise<Counted> {
  await check(call, bytes);
  const counter = new Counter(seconds);
  const caller = async (): Promise<void> => {
    while (!counter.isOver) {
      await check(call, bytes);
      counter.operations += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return counter.counted();
}

async function check(call: Call, bytes: number): Promise<void> {
  if ((await call()) !== bytes) throw new Error('a call brought something else');
}
