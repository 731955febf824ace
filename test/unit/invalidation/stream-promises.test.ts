// Goal: NoSilentGap, Resumable and Bookmarkable hold whatever happens to the history, the nodes and the subscribers.
// Method: random steps in a fleet of two nodes over doubles of their stores; a judge for each subscriber holds what it is
// told against what happened, and knows nothing of hubs.
import { test } from 'node:test';
import fc from 'fast-check';
import { checkAsyncProperty } from '../../support/check-property.ts';
import { FleetRun, type FleetStep } from '../../support/fleet-log/fleet-run.ts';

const partition = fc.nat(2);
const node = fc.nat(1);
const subscriber = fc.nat(2);

const kinds = <Kind extends string>(...names: Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...names);

const history: fc.Arbitrary<FleetStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kinds('set'), partition, key: fc.nat(3), foreign: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('fork'), partition, lost: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: kinds('replace', 'settle'), partition }) },
);
const following: fc.Arbitrary<FleetStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: kinds('catch-up'), node, partition, changesMax: fc.constantFrom(1, 2, 99) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kinds('miss', 'trim'), node, partition }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('hold', 'release', 'release', 'drain'), node }) },
);
const listening: fc.Arbitrary<FleetStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kinds('come'), subscriber, node }) },
  { weight: 1, arbitrary: fc.record({ kind: kinds('come-after-set'), subscriber, node, partition }) },
  { weight: 4, arbitrary: fc.record({ kind: kinds('leave', 'stall', 'read', 'flow'), subscriber }) },
);
const passing: fc.Arbitrary<FleetStep> = fc.record({ kind: kinds('turn', 'turn', 'turn', 'wait') });
const anyStep = fc.oneof(history, following, listening, passing);

async function run(steps: readonly FleetStep[]): Promise<void> {
  const fleet = await FleetRun.open();
  for (const step of steps) await fleet.step(step);
  await fleet.end();
}

test('whatever happens', async () => {
  await checkAsyncProperty(fc.asyncProperty(fc.array(anyStep, { maxLength: 100, size: 'max' }), run), 200);
});

test('whatever happens to a subscriber that fell far behind', async () => {
  const few = fc.array(anyStep, { maxLength: 8, size: 'max' });
  const fall = fc.record({ who: subscriber, where: node, partition: fc.constantFrom(0, 2), reads: fc.nat(3) });
  const behind = fc.tuple(few, fall, few, fc.nat(200), few).map(([first, fallen, second, lost, third]): FleetStep[] => {
    const settle: FleetStep = { kind: 'settle', partition: 0 };
    const fork: FleetStep = { kind: 'fork', partition: fallen.partition, lost };
    return [...first, ...fallBehind(fallen), ...second, fork, settle, ...third];
  });
  await checkAsyncProperty(fc.asyncProperty(behind, run), 30);
});

interface Fall {
  readonly who: number;
  readonly where: number;
  readonly partition: number;
  /** Messages that the subscriber reads when it has fallen behind. */
  readonly reads: number;
}

function fallBehind({ who, where, partition: busy, reads }: Fall): FleetStep[] {
  return [
    { kind: 'leave', subscriber: who },
    { kind: 'come', subscriber: who, node: where },
    { kind: 'settle', partition: 0 },
    { kind: 'stall', subscriber: who },
    { kind: 'burst', partition: busy },
    ...Array.from({ length: reads }, (): FleetStep[] => [{ kind: 'read', subscriber: who }, { kind: 'turn' }]).flat(),
  ];
}
