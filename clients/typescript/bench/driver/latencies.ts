import { openClient } from './calls.ts';
import { type Command, type Timed, wholeUs } from './command.ts';
import { Stub } from './stub.ts';

const TTL_MS = 600_000;

/** Times calls one after the other: getOrCompute that hits, getOrCompute that misses, or the stub's Get. */
export async function timeCalls(command: Command): Promise<Timed> {
  if (command.who === 'stub') {
    using stub = new Stub(command);
    return await time(command.seconds, () => stub.get());
  }
  await using client = await openClient(command, false);
  const { valueBytes, keys } = command;
  const value = new Uint8Array(valueBytes);
  const run = Date.now().toString(36);
  return await time(command.seconds, async (call) => {
    const key = command.who === 'miss' ? `compute:${run}:${call}` : keys[0]!;
    const found = await client.getOrCompute(key, { ttlMs: TTL_MS }, () => value);
    if (found?.length !== valueBytes) throw new Error('a call brought something else');
  });
}

async function time(seconds: number, call: (number: number) => Promise<unknown>): Promise<Timed> {
  await call(0);
  const samplesUs: number[] = [];
  const beganMs = performance.now();
  let sentMs = beganMs;
  while (sentMs - beganMs < seconds * 1000) {
    await call(samplesUs.length + 1);
    const answeredMs = performance.now();
    samplesUs.push(wholeUs(answeredMs - sentMs));
    sentMs = answeredMs;
  }
  return { samplesUs, perSecond: (samplesUs.length * 1000) / (sentMs - beganMs) };
}
