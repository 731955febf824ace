import type { RedisProcess } from '../../../support/redis/redis-process.ts';
import type { FailoverKind } from '../../../support/redis/rig.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { until } from '../../../support/until.ts';
import { TAGS } from '../../workload/names.ts';
import { makeChange } from '../workload/changes.ts';
import type { FleetWorld } from '../workload/fleet-world.ts';
import { pass } from '../workload/pause.ts';
import { TokenPool } from '../workload/token-pool.ts';
import type { Fault, FaultKind } from './fault.ts';
import { anyKey } from './redis-faults.ts';

/** Milliseconds after which nobody waits for what is to be lost: frozen replicas must not be taken for dead. */
const TAIL_MS_MAX = 800;

const HEALS_MAX = 3;

const withReplicas = ['sentinel', 'cluster'] as const;

/** A replica takes over, with all that the primary had or without the newest. */
export const failoverFaults: readonly Fault[] = [
  failover('failover by kill', 'kill'),
  failover('failover by freeze', 'freeze'),
  failover('failover planned', 'planned'),
  {
    kind: 'tail lost',
    shapes: withReplicas,
    strike: async (world, random) => {
      const key = anyKey(random);
      const primary = await world.failover.primary(key);
      await loseTail(world, random, primary);
      await until(async () => (await world.failover.primary(key)) !== primary, {
        withinMs: 60_000,
        what: 'another primary',
      });
      await pass(random.below(1500));
      await heal(world);
      return {};
    },
  },
];

function failover(kind: FaultKind, how: FailoverKind): Fault {
  return {
    kind,
    shapes: withReplicas,
    strike: async (world, random) => {
      await world.failover.failOver(how, anyKey(random));
      await pass(random.below(2000));
      await heal(world);
      return {};
    },
  };
}

/** On a busy machine another failover may come in between: then what was waited for never comes. */
async function heal({ failover }: FleetWorld): Promise<void> {
  for (let triesLeft = HEALS_MAX; ; triesLeft--) {
    try {
      return await failover.heal();
    } catch (late) {
      if (triesLeft === 0) throw late;
    }
  }
}

/** Holds the replicas back for a while, in which the primary goes on acknowledging, and kills it. */
async function loseTail(world: FleetWorld, random: SeededRandom, primary: RedisProcess): Promise<void> {
  const { rig } = world;
  const forMs = 200 + random.below(500);
  const replicas: RedisProcess[] = [];
  for (const server of rig.servers) if (await follows(server, primary)) replicas.push(server);
  for (const replica of replicas) replica.pause();
  try {
    // What was under way to them would reach them after the primary's end.
    await primary.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await Promise.all([pass(forMs), invalidateSome(world, random)]);
    await primary.kill();
  } finally {
    for (const replica of replicas) replica.resume();
  }
}

/** So that something is lost that must be made again. */
async function invalidateSome(world: FleetWorld, random: SeededRandom): Promise<void> {
  const changer = { world, random, pool: new TokenPool() };
  const tags = TAGS.map((tag) =>
    makeChange(changer, { kind: 'invalidate', selectors: [{ kind: 'tag', tag }], mode: 'remove' }),
  );
  await Promise.race([pass(TAIL_MS_MAX), Promise.all(tags)]);
}

async function follows(server: RedisProcess, { port }: RedisProcess): Promise<boolean> {
  if (server.state !== 'running') return false;
  const info = String(await server.command('INFO', 'replication'));
  return info.includes(`master_port:${port}`);
}
