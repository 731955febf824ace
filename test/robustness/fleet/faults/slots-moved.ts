import { partitionKeys } from '../../../../src/store/redis/partition-keys.ts';
import { partitionTags } from '../../../../src/store/redis/partition-tags.ts';
import { slotRanges } from '../../../support/redis/cluster-view.ts';
import type { RedisProcess } from '../../../support/redis/redis-process.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { until } from '../../../support/until.ts';
import { type FleetWorld, shapeNumbers } from '../workload/fleet-world.ts';
import { pass } from '../workload/pause.ts';
import type { Fault } from './fault.ts';

/** Slots that are moved at a time. */
const SLOTS = 2;
/** Keys that one MIGRATE takes along. */
const KEYS = 20;

/** Slots of the namespace wander to another primary, key by key, under load. */
export const slotsMoved: Fault = {
  kind: 'slots moved',
  shapes: ['cluster'],
  strike: async (world, random) => {
    for (let moved = 0; moved < SLOTS; moved++) await moveOne(world, random);
    return {};
  },
};

async function moveOne(world: FleetWorld, random: SeededRandom): Promise<void> {
  const { servers } = world.rig;
  const slot = await slotOf(world, random.pick(world.placement.partitionsOf(world.namespaceId)));
  const ranges = await slotRanges(servers.find(({ state }) => state === 'running')!);
  const primaries = [...new Set(ranges.map(({ ports }) => ports[0]!))].map(
    (port) => servers.find((each) => each.port === port)!,
  );
  const ownerPort = ranges.find(({ first, last }) => first <= slot && slot <= last)!.ports[0];
  const from = primaries.find(({ port }) => port === ownerPort)!;
  const to = random.pick(primaries.filter((each) => each !== from));
  const [fromId, toId] = [await idOf(from), await idOf(to)];
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  await until(() => movedAll(from, to, slot), { withinMs: 30_000, what: `slot ${slot} moved` });
  for (const server of [to, from, ...primaries]) await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
}

/** Moves some keys of the slot, in the order in which they come; true once none is left. */
async function movedAll(from: RedisProcess, to: RedisProcess, slot: number): Promise<boolean> {
  const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, KEYS)) as string[];
  if (keys.length === 0) return true;
  await from.command('MIGRATE', '127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...keys);
  await pass(20);
  return false;
}

async function slotOf({ rig, shape }: FleetWorld, partition: number): Promise<number> {
  const tag = partitionTags(shapeNumbers(shape).partitions)[partition]!;
  const { meta } = partitionKeys(rig.prefix, tag);
  return Number(await rig.servers.find(({ state }) => state === 'running')!.command('CLUSTER', 'KEYSLOT', meta));
}

async function idOf(server: RedisProcess): Promise<string> {
  return String(await server.command('CLUSTER', 'MYID'));
}
