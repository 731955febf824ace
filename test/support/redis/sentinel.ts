import { claimPorts } from './ports.ts';
import { flushAll, saysInfo, takeAway, untilFound } from './primaries.ts';
import type { RedisAccess } from './redis-access.ts';
import { RedisProcess, startRedis } from './redis-process.ts';
import type { FailoverKind, FailoverRig, RigOptions } from './rig.ts';
import { makeRigAccess } from './rig-access.ts';
import { PRIMARY_NAME, rigUrl } from './rig-url.ts';
import { otherSentinels, sentinelConfig } from './sentinel-config.ts';

/** One primary, two replicas, and three Sentinels that watch them. */
export interface SentinelRig extends FailoverRig {
  readonly shape: 'sentinel';
  readonly sentinels: readonly RedisProcess[];
}

/** Starts the servers, then the Sentinels; resolves when all know of each other. */
export async function openSentinel(options: RigOptions = {}): Promise<SentinelRig> {
  await using opening = new AsyncDisposableStack();
  const { servers: access, ...told } = await makeRigAccess(options, opening);
  const servers = await startServers(options, access, opening);
  const sentinels = await startSentinels(servers, access, options.downAfterMs ?? 1000, opening);
  const ports = sentinels.map(({ port }) => port);
  const fleet = { servers, sentinels };
  if (!(await untilHealed(fleet, servers[0]!))) await heal(fleet);
  const owned = opening.move();
  const stop = (): Promise<void> => owned.disposeAsync();
  return {
    ...told,
    ...fleet,
    shape: 'sentinel',
    url: rigUrl('sentinel', options, ports),
    ports,
    primary: () => untilFound(() => agreedPrimary(fleet), 'a primary that the Sentinels agree on'),
    failOver: (kind) => failOver(fleet, kind),
    heal: () => heal(fleet),
    flush: async () => flushAll([(await agreedPrimary(fleet))!], servers.length - 1),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Fleet = Pick<SentinelRig, 'servers' | 'sentinels'>;

async function startServers(
  { config = [], save = false }: RigOptions,
  access: RedisAccess,
  owned: AsyncDisposableStack,
): Promise<RedisProcess[]> {
  const primary = owned.use(await startRedis({ config, save, ...access }));
  const following = [...config, replicaOf(primary)];
  const start = async (): Promise<RedisProcess> => owned.use(await startRedis({ config: following, save, ...access }));
  const servers = [primary, ...(await Promise.all([start(), start()]))];
  await untilFound(() => isReplicated(servers, primary), 'the replicas');
  return servers;
}

async function startSentinels(
  servers: readonly RedisProcess[],
  access: RedisAccess,
  downAfterMs: number,
  owned: AsyncDisposableStack,
): Promise<RedisProcess[]> {
  const claims = await Promise.all([claimPorts(), claimPorts(), claimPorts()]);
  const ports = claims.map(({ port }) => port);
  const sentinels = claims.map((claim, index) => {
    const config = [...sentinelConfig(index, servers, downAfterMs), ...otherSentinels(index, ports)];
    return owned.use(new RedisProcess(claim, { ...access, config, sentinel: true }));
  });
  await Promise.all(sentinels.map((sentinel) => sentinel.start()));
  return sentinels;
}

/** Undefined while the Sentinels that answer don't agree, or the one they name is none yet. */
async function agreedPrimary({ servers, sentinels }: Fleet): Promise<RedisProcess | undefined> {
  const asked = sentinels.filter(({ state }) => state === 'running');
  const answers = asked.map((each) => each.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY_NAME));
  const ports = new Set((await Promise.all(answers)).map((answer) => Number((answer as string[])[1])));
  const named = servers.find(({ port, state }) => ports.has(port) && state === 'running');
  if (ports.size !== 1 || named === undefined) return undefined;
  const [role] = (await named.command('ROLE')) as [string];
  return role === 'master' ? named : undefined;
}

async function failOver(fleet: Fleet, kind: FailoverKind): Promise<RedisProcess> {
  const old = await untilFound(() => agreedPrimary(fleet), 'a primary to take away');
  const order = (): Promise<unknown> => fleet.sentinels[0]!.command('SENTINEL', 'FAILOVER', PRIMARY_NAME);
  await takeAway(old, kind, () => untilFound(order, 'the consent of a Sentinel'));
  const another = async (): Promise<RedisProcess | undefined> => {
    const primary = await agreedPrimary(fleet);
    return primary === old ? undefined : primary;
  };
  return untilFound(another, `a new primary after ${kind}`);
}

async function heal(fleet: Fleet): Promise<void> {
  await Promise.all(fleet.sentinels.map((sentinel) => sentinel.revive()));
  for (let healed = false; !healed; ) {
    const primary = await untilFound(() => agreedPrimary(fleet), 'a primary to heal around');
    await rejoin(fleet, primary);
    healed = await untilHealed(fleet, primary);
  }
}

async function rejoin(fleet: Fleet, primary: RedisProcess): Promise<void> {
  // Sentinel demotes a primary that comes back after ten seconds only: this is quicker.
  for (const server of fleet.servers.filter((each) => each !== primary)) {
    await server.revive([replicaOf(primary)]);
    await server.session(async (call) => {
      await call('REPLICAOF', '127.0.0.1', primary.port);
      // As Sentinel does when it demotes, so that clients look for the primary again.
      for (const type of ['normal', 'pubsub']) await call('CLIENT', 'KILL', 'TYPE', type);
    });
  }
}

// Returns false if another primary took over meanwhile: on a busy machine a Sentinel may take the first one for dead.
async function untilHealed(fleet: Fleet, primary: RedisProcess): Promise<boolean> {
  const unlessMoved = async (look: () => Promise<true | undefined>): Promise<'moved' | true | undefined> => {
    const named = await agreedPrimary(fleet);
    return named !== undefined && named !== primary ? 'moved' : look();
  };
  const replicated = (): Promise<'moved' | true | undefined> => unlessMoved(() => isReplicated(fleet.servers, primary));
  if ((await untilFound(replicated, `replicas of port ${primary.port}`)) === 'moved') return false;
  for (const sentinel of fleet.sentinels) {
    const knows = (): Promise<'moved' | true | undefined> => unlessMoved(() => knowsAll(sentinel, primary));
    if ((await untilFound(knows, `a Sentinel on port ${sentinel.port} that knows all`)) === 'moved') return false;
  }
  return true;
}

async function isReplicated(servers: readonly RedisProcess[], primary: RedisProcess): Promise<true | undefined> {
  const replicas = servers.filter((each) => each !== primary);
  for (const replica of replicas) {
    const lines = [`master_port:${primary.port}`, 'master_link_status:up'];
    if ((await saysInfo(replica, 'replication', ...lines)) === undefined) return undefined;
  }
  return saysInfo(primary, 'replication', `connected_slaves:${replicas.length}`);
}

async function knowsAll(sentinel: RedisProcess, primary: RedisProcess): Promise<true> {
  return sentinel.session(async (call) => {
    const master = fieldsOf(await call('SENTINEL', 'MASTER', PRIMARY_NAME));
    const replicas = ((await call('SENTINEL', 'REPLICAS', PRIMARY_NAME)) as unknown[]).map(fieldsOf);
    const others = ((await call('SENTINEL', 'SENTINELS', PRIMARY_NAME)) as unknown[]).map(fieldsOf);
    const seen = [master, ...replicas, ...others].map((each) => `${each.get('port')} ${each.get('flags')}`);
    const unwell = seen.filter((each) => /down(?<!master_down)|disconnected|failover/.test(each));
    const whole = seen[0] === `${primary.port} master` && replicas.length === 2 && others.length === 2;
    if (!whole || unwell.length > 0) throw new Error(`it sees ${seen.join(', ')}`);
    return true as const;
  });
}

function fieldsOf(flat: unknown): ReadonlyMap<string, string> {
  const words = flat as string[];
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1]!] as const] : [])));
}

function replicaOf({ port }: RedisProcess): string {
  return `replicaof 127.0.0.1 ${port}`;
}
