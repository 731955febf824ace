import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { FleetWorld } from '../workload/fleet-world.ts';
import { pass } from '../workload/pause.ts';
import type { Fault, FaultKind } from './fault.ts';

/** Milliseconds between the end of one fault and the next. */
const REST_MS_MAX = 1500;

const ON_NODES: ReadonlySet<FaultKind> = new Set([
  'node killed',
  'node stopped',
  'node cut off',
  'node half open',
  'node slow',
  'replies lost',
]);

/**
 * Does one thing after the other to the fleet, now and then two at once, until told to stop: each of the possible ones once, in an order
 * that the seed decides, then any. All is well again when it resolves.
 */
export async function runFaults(
  world: FleetWorld,
  random: SeededRandom,
  possible: readonly Fault[],
  isOver: () => boolean,
): Promise<void> {
  const onNodes = possible.filter(({ kind }) => ON_NODES.has(kind));
  let due: Fault[] = [];
  while (!isOver()) {
    if (due.length === 0) due = shuffled(possible, random);
    const fault = due.pop()!;
    const beside = onNodes.length > 0 && random.chance(0.3) ? random.pick(onNodes) : undefined;
    await Promise.all([strike(world, random, fault), ...(beside === undefined ? [] : [strike(world, random, beside)])]);
    await pass(random.below(REST_MS_MAX));
  }
  await world.untilServing();
}

async function strike(world: FleetWorld, random: SeededRandom, fault: Fault): Promise<void> {
  const fromMs = world.nowMs();
  const struck = await fault.strike(world, random);
  const { node, killed = false } = struck;
  world.recorder.faults.push({ kind: fault.kind, fromMs, toMs: world.nowMs(), node, killed });
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(random.below(left.length), 1)[0]!);
}
