import { agreedOwners, findsWhole } from './cluster-view.ts';
import { flushAll, takeAway, untilFound, untilInfo } from './primaries.ts';
import { type RedisProcess, startRedis } from './redis-process.ts';
import type { FailoverKind, FailoverRig, RigOptions } from './rig.ts';
import { makeRigAccess } from './rig-access.ts';
import { rigUrl } from './rig-url.ts';

/** Three primaries that share the slots, and a replica of each. */
export interface ClusterRig extends FailoverRig {
  readonly shape: 'cluster';
}

const PRIMARIES = 3;
const NODES = 2 * PRIMARIES;
const SLOTS = 16_384;
/** Milliseconds of the nodes' timeout while they meet: with a longer one they take as long to tell each other who is there. */
const MEETING_MS = 1000;
const CONFIG = [`cluster-node-timeout ${MEETING_MS}`, 'cluster-require-full-coverage no'];

/** Starts the nodes and forms the cluster; resolves when every node finds it whole. */
export async function openCluster(options: RigOptions = {}): Promise<ClusterRig> {
  await using opening = new AsyncDisposableStack();
  const { servers: access, ...told } = await makeRigAccess(options, opening);
  const { config = [], save = false, downAfterMs = MEETING_MS } = options;
  const node = { ...access, config: [...CONFIG, ...config], save, clusterNode: true };
  const starting = Array.from({ length: NODES }, async () => opening.use(await startRedis(node)));
  const servers = await Promise.all(starting);
  await form(servers);
  await untilWhole(servers);
  for (const server of servers) await server.command('CONFIG', 'SET', 'cluster-node-timeout', downAfterMs);
  const ports = servers.map(({ port }) => port);
  const owned = opening.move();
  const stop = (): Promise<void> => owned.disposeAsync();
  return {
    ...told,
    shape: 'cluster',
    url: rigUrl('cluster', options, ports),
    ports,
    servers,
    primary: async (key) => (await ownersOf(servers, key))[0]!,
    failOver: (kind, key) => failOver(servers, kind, key),
    heal: () => heal(servers),
    flush: async () => flushAll(await primaries(servers), 1),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Servers = readonly RedisProcess[];

async function form(servers: Servers): Promise<void> {
  for (const [index, server] of servers.entries()) {
    await server.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    if (index < PRIMARIES) await server.command('CLUSTER', 'ADDSLOTSRANGE', firstSlot(index), firstSlot(index + 1) - 1);
  }
  await untilFound(() => haveMet(servers), 'nodes that have met');
  for (const [index, replica] of servers.slice(PRIMARIES).entries()) {
    const id = String(await servers[index]!.command('CLUSTER', 'MYID'));
    await untilFound(() => replica.command('CLUSTER', 'REPLICATE', id), `a node that knows the one to follow`);
  }
}

// Asked again and again: a node that a busy machine keeps from answering within the node timeout is not met, and nobody
// else tries again.
async function haveMet([first, ...others]: Servers): Promise<true | undefined> {
  const nodes = String(await first!.command('CLUSTER', 'NODES'))
    .trim()
    .split('\n');
  const unmet = others.filter(
    ({ port }) => !nodes.some((line) => line.includes(`:${port}@`) && !line.includes('handshake')),
  );
  await first!.session(async (call) => {
    for (const { port, busPort } of unmet) await call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  });
  return unmet.length === 0 || undefined;
}

function firstSlot(index: number): number {
  return Math.floor((index * SLOTS) / PRIMARIES);
}

async function untilWhole(servers: Servers): Promise<void> {
  for (const server of servers) {
    const whole = async (): Promise<true | undefined> => (await findsWhole(server, NODES)) || undefined;
    await untilFound(whole, `a whole cluster in the eyes of port ${server.port}`);
  }
  for (const server of servers) {
    const [role] = (await server.command('ROLE')) as [string];
    const line = role === 'master' ? 'connected_slaves:1' : 'master_link_status:up';
    await untilInfo(server, 'replication', line);
  }
}

async function ownersOf(servers: Servers, key = ''): Promise<RedisProcess[]> {
  const running = servers.find(({ state }) => state === 'running')!;
  const slot = Number(await running.command('CLUSTER', 'KEYSLOT', key));
  return untilFound(() => agreedOwners(servers, slot), 'a primary that the nodes agree on');
}

async function primaries(servers: Servers): Promise<RedisProcess[]> {
  const owners = new Set<RedisProcess>();
  for (let index = 0; index < PRIMARIES; index++) {
    const [owner] = (await agreedOwners(servers, firstSlot(index))) ?? [];
    if (owner !== undefined) owners.add(owner);
  }
  return [...owners];
}

async function failOver(servers: Servers, kind: FailoverKind, key: string | undefined): Promise<RedisProcess> {
  const [old, replica] = await ownersOf(servers, key);
  await takeAway(old!, kind, () => replica!.command('CLUSTER', 'FAILOVER'));
  const another = async (): Promise<RedisProcess | undefined> => {
    const [owner] = await ownersOf(servers, key);
    return owner === old ? undefined : owner;
  };
  return untilFound(another, `a new primary after ${kind}`);
}

async function heal(servers: Servers): Promise<void> {
  await Promise.all(servers.map((server) => server.revive()));
  await untilWhole(servers);
}
