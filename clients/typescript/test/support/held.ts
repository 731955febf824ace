import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from './until.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a process holds. */
export interface Held {
  readonly heapBytes: number;
  /** Timers, sockets and the like that keep the process alive. */
  readonly resources: number;
  /** Listeners of the process. */
  readonly listeners: number;
}

/** Returns what this process holds, without garbage. */
export async function held(): Promise<Held> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    // What is closed tells its end in later turns of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

/**
 * Waits until this process holds no more resources and listeners than before, and at most `heapBytesMax` more of its heap.
 * Fails if that does not come. Returns what it holds then.
 */
export async function untilNoMore(before: Held, heapBytesMax: number): Promise<Held> {
  let now = await held();
  const isMore = (): boolean =>
    now.resources > before.resources ||
    now.listeners > before.listeners ||
    now.heapBytes > before.heapBytes + heapBytesMax;
  await until(
    async () => {
      if (isMore()) now = await held();
      return !isMore();
    },
    `no more to be held than ${JSON.stringify(before)}`,
    15_000,
  ).catch((error: unknown) => {
    throw new Error(`This is held: ${JSON.stringify(now)}`, { cause: error });
  });
  return now;
}
