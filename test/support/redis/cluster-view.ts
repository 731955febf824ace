import type { RedisProcess } from './redis-process.ts';

/** What one node says about a range of slots: ports, the primary's first. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly ports: readonly number[];
}

/** Asks one node who serves which slots. */
export async function slotRanges(node: RedisProcess): Promise<SlotRange[]> {
  const answer = (await node.command('CLUSTER', 'SLOTS')) as [number, number, ...[string, number][]][];
  return answer.map(([first, last, ...nodes]) => ({ first, last, ports: nodes.map(([, port]) => port) }));
}

/** Returns who serves a slot in the opinion of all nodes that run: primary first. Undefined while they don't agree. */
export async function agreedOwners(nodes: readonly RedisProcess[], slot: number): Promise<RedisProcess[] | undefined> {
  const asked = nodes.filter(({ state }) => state === 'running');
  const views = await Promise.all(asked.map(slotRanges));
  const owners = views.map((ranges) => ranges.find(({ first, last }) => first <= slot && slot <= last)?.ports ?? []);
  const [ports = []] = owners;
  const primary = nodes.find(({ port, state }) => port === ports[0] && state === 'running');
  if (primary === undefined || owners.some(([port]) => port !== ports[0])) return undefined;
  return [primary, ...nodes.filter(({ port }) => port !== primary.port && ports.includes(port))];
}

/** True if a node finds the cluster whole: all nodes connected and well, all slots served, a replica for each primary. */
export async function findsWhole(node: RedisProcess, nodes: number): Promise<boolean> {
  // A replica is named only when the node has heard how far it is.
  const ranges = await slotRanges(node);
  if (ranges.some(({ ports }) => ports.length < 2)) return false;
  return node.session(async (call) => {
    const state = String(await call('CLUSTER', 'INFO')).split('\r\n');
    const lines = String(await call('CLUSTER', 'NODES'))
      .trim()
      .split('\n')
      .map(nodeOf);
    const primaries = lines.filter(({ flags, slots }) => flags.includes('master') && slots);
    const followed = new Set(lines.filter(({ flags }) => flags.includes('slave')).map(({ follows }) => follows));
    return (
      state.includes('cluster_state:ok') &&
      state.includes('cluster_slots_ok:16384') &&
      lines.length === nodes &&
      lines.every(({ well }) => well) &&
      primaries.every(({ id }) => followed.has(id)) &&
      primaries.length + followed.size === nodes
    );
  });
}

interface NodeLine {
  readonly id: string;
  readonly flags: readonly string[];
  readonly follows: string;
  readonly well: boolean;
  readonly slots: boolean;
}

function nodeOf(line: string): NodeLine {
  const [id = '', , flagged = '', follows = '', , , , link, ...slots] = line.split(' ');
  const flags = flagged.split(',');
  const well = link === 'connected' && !flags.some((flag) => /fail|handshake|noaddr/.test(flag));
  return { id, flags, follows, well, slots: slots.length > 0 };
}
