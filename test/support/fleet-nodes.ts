import type { RedisRig, RigOptions } from './redis/rig.ts';
import { openStandalone } from './redis/standalone.ts';
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';

/** Nodes in processes of their own over a real Redis; `await using` ends all. */
export interface FleetNodes extends AsyncDisposable {
  readonly redis: RedisRig;
  readonly nodes: readonly ServerProcess[];
  /** Starts one more. */
  add(options?: ServerProcessOptions): Promise<ServerProcess>;
}

/** Starts a Redis and nodes over it. */
export async function startFleet(
  count: number,
  flags: readonly string[] = [],
  rig: RigOptions = {},
): Promise<FleetNodes> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await openStandalone(rig));
  const add = async (options: ServerProcessOptions = {}): Promise<ServerProcess> => {
    const all = ['--redis', redis.url, ...flags, ...(options.flags ?? [])];
    const patient = !all.includes('--max-lag');
    return owned.use(await startServerProcess({ patient, ...options, flags: all }));
  };
  let owned: AsyncDisposableStack = opening;
  // One after the other: a start is mostly CPU, and others wait for it too.
  const nodes: ServerProcess[] = [];
  while (nodes.length < count) nodes.push(await add());
  owned = opening.move();
  return { redis, nodes, add, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
