import { CacheServiceService } from '../../../../src/gen/reprise/v1/cache_service.ts';
import { milliseconds } from '../../../support/cache-calls.ts';
import type { RedisProcess } from '../../../support/redis/redis-process.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { FleetWorld } from '../workload/fleet-world.ts';
import { pass } from '../workload/pause.ts';
import type { Fault } from './fault.ts';

const everywhere = ['standalone', 'sentinel', 'cluster'] as const;

/** What happens to Redis itself, where no replica takes over. */
export const redisFaults: readonly Fault[] = [
  {
    kind: 'redis killed',
    shapes: ['standalone'],
    strike: async (world, random) => {
      const server = await primaryOf(world, random);
      await server.kill();
      await pass(random.below(1500));
      await server.restart();
      return {};
    },
  },
  {
    kind: 'redis stopped',
    // Where a replica waits this would be a failover.
    shapes: ['standalone'],
    strike: async (world, random) => {
      const server = await primaryOf(world, random);
      server.pause();
      await pass(300 + random.below(2200));
      server.resume();
      return {};
    },
  },
  {
    kind: 'emptied',
    shapes: everywhere,
    strike: async (world, random) => {
      await (await primaryOf(world, random)).command('FLUSHALL');
      return {};
    },
  },
  {
    kind: 'scripts forgotten',
    shapes: everywhere,
    strike: async (world) => {
      for (const server of world.rig.servers) {
        if (server.state === 'running') await server.command('SCRIPT', 'FLUSH').catch(() => undefined);
      }
      return {};
    },
  },
  { kind: 'eviction', shapes: everywhere, strike: evict },
];

/** Returns the primary, one of them on a cluster. */
export async function primaryOf(world: FleetWorld, random: SeededRandom): Promise<RedisProcess> {
  if (world.shape === 'standalone') return world.rig.servers[0]!;
  return world.failover.primary(anyKey(random));
}

/** Returns a key in any slot. */
export function anyKey(random: SeededRandom): string {
  return `key ${random.below(100_000)}`;
}

const FILLERS = 600;
const FILLER_BYTES = 2048;
const FREED_BYTES = 700_000;

/** Fills Redis, and lets it throw out what it likes of what has a lifetime. */
async function evict(world: FleetWorld, random: SeededRandom): Promise<Record<string, never>> {
  const items = Array.from({ length: FILLERS }, (_, index) => ({
    ...{ key: `filler:${index}`, content: { $case: 'value', value: Buffer.alloc(FILLER_BYTES) } as const },
    ...{ contentType: '', tags: [], ttl: milliseconds(60_000), staleWindow: undefined, condition: undefined },
  }));
  const { process } = random.pick(world.nodes);
  await process.call(CacheServiceService.batchSet, { items }).catch(() => undefined);
  const server = await primaryOf(world, random);
  const used = Number(/used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1]);
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru', 'maxmemory', used - FREED_BYTES);
  await pass(500 + random.below(1500));
  await server.command('CONFIG', 'SET', 'maxmemory', 0, 'maxmemory-policy', 'noeviction');
  return {};
}
