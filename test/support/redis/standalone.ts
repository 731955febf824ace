import { startRedis } from './redis-process.ts';
import type { RedisRig, RigOptions } from './rig.ts';
import { makeRigAccess } from './rig-access.ts';
import { rigUrl } from './rig-url.ts';

/** Starts one server. */
export async function openStandalone(options: RigOptions = {}): Promise<RedisRig> {
  await using opening = new AsyncDisposableStack();
  const { servers: access, ...told } = await makeRigAccess(options, opening);
  const { config = [], save = false } = options;
  const server = opening.use(await startRedis({ config, save, ...access }));
  const owned = opening.move();
  const stop = (): Promise<void> => owned.disposeAsync();
  return {
    ...told,
    shape: 'standalone',
    url: rigUrl('standalone', options, [server.port]),
    ports: [server.port],
    servers: [server],
    flush: async () => void (await server.command('FLUSHALL')),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
