import type { SeededRandom } from '../../../support/seeded-random.ts';
import { makeChange } from '../workload/changes.ts';
import type { FleetNode } from '../workload/fleet-node.ts';
import type { FleetWorld } from '../workload/fleet-world.ts';
import { pass } from '../workload/pause.ts';
import { COUNTERS } from '../workload/plan.ts';
import { TokenPool } from '../workload/token-pool.ts';
import type { Fault, FaultKind, Struck } from './fault.ts';

const HOUR_MS = 3_600_000;
const everywhere = ['standalone', 'sentinel', 'cluster'] as const;

/** What happens to nodes, and to their ways to Redis. */
export const nodeFaults: readonly Fault[] = [
  onNode('node killed', async (node, random) => {
    node.process.kill('SIGKILL');
    await pass(random.below(800));
    await node.restart();
    return { killed: true };
  }),
  onNode('clock wrong', async (node, random) => {
    await node.restart(random.pick([-HOUR_MS, HOUR_MS]));
    return { killed: true };
  }),
  onNode('node stopped', async (node, random) => {
    node.process.kill('SIGSTOP');
    await pass(300 + random.below(2700));
    node.process.kill('SIGCONT');
  }),
  onWays('node cut off', 3000, (node) => node.proxies.each((proxy) => proxy.cut())),
  onWays('node half open', 4000, (node) => node.proxies.each((proxy) => proxy.hold())),
  onWays('node slow', 3000, (node, random) => {
    const delayMs = 20 + random.below(400);
    return node.proxies.each((proxy) => proxy.delay(delayMs));
  }),
  onWays('replies lost', 1500, async (node, random, world) => {
    for (let times = 6 + random.below(8); times > 0; times--) {
      const counting = countUp(world, random);
      // One at a time: else the connection that takes its place is broken, too, before it carries anything.
      await node.proxies.each((proxy) => proxy.dropReplies(1));
      await counting;
    }
  }),
];

/** So that there are answers to lose, of changes that must not be made twice. */
async function countUp(world: FleetWorld, random: SeededRandom): Promise<void> {
  const changer = { world, random, pool: new TokenPool() };
  const counting = COUNTERS.map((key) => makeChange(changer, { kind: 'increment', key, delta: 1 }));
  await Promise.all(counting);
}

type OnNode = (node: FleetNode, random: SeededRandom, world: FleetWorld) => Promise<Struck | undefined>;

function onNode(kind: FaultKind, strike: OnNode): Fault {
  return {
    kind,
    shapes: everywhere,
    strike: async (world, random) => {
      const node = await takeNode(world, random);
      try {
        return { node: node.index, ...(await strike(node, random, world)) };
      } finally {
        world.held.delete(node.index);
      }
    },
  };
}

/** Disturbs a node's ways for a while, then heals them. */
function onWays(
  kind: FaultKind,
  forMsMax: number,
  disturb: (node: FleetNode, random: SeededRandom, world: FleetWorld) => Promise<void>,
): Fault {
  return onNode(kind, async (node, random, world) => {
    await disturb(node, random, world);
    await pass(300 + random.below(forMsMax));
    await node.proxies.heal();
  });
}

/** Takes a node that no other fault has; one fault a node at a time, so that each ends as it began. */
async function takeNode(world: FleetWorld, random: SeededRandom): Promise<FleetNode> {
  for (;;) {
    const free = world.nodes.filter(({ index }) => !world.held.has(index));
    if (free.length > 0) {
      const node = random.pick(free);
      world.held.add(node.index);
      return node;
    }
    await pass(50);
  }
}
