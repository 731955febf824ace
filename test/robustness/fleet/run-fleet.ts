import { AdminServiceService } from '../../../src/gen/reprise/v1/admin_service.ts';
import { until } from '../../support/until.ts';
import { laneRandom } from '../workload/lane-random.ts';
import { faultsOf } from './faults/all-faults.ts';
import type { FaultKind } from './faults/fault.ts';
import { runFaults } from './faults/run-faults.ts';
import type { FleetHistory } from './history/fleet-history.ts';
import type { FleetRecorder } from './history/fleet-recorder.ts';
import { callerOf, runCaller, runFiller, runReader } from './workload/caller.ts';
import { readToEnd, runSubscriber } from './workload/fleet-subscriber.ts';
import { FleetWorld, MAX_LAG_MS, type WorldOptions } from './workload/fleet-world.ts';
import { pass } from './workload/pause.ts';
import { TokenPool } from './workload/token-pool.ts';

/** One run. */
export interface FleetRun extends WorldOptions {
  readonly seed: number;
  /** Milliseconds with faults; what comes before and after them takes some seconds more. */
  readonly forMs: number;
  /** Ends the faults earlier, once that much has happened, but not before `atLeastMs`. Default: never. */
  readonly enough?: (recorder: FleetRecorder) => boolean;
  /** Default: 0. */
  readonly atLeastMs?: number;
  /** What may go wrong. Default: all that the shape allows. */
  readonly kinds?: readonly FaultKind[];
}

const CALLERS = 6;
const READERS = 4;
const FILLERS = 3;
const SUBSCRIBERS = 3;
const READER_LANE = CALLERS + SUBSCRIBERS + 1;
const FILLER_LANE = READER_LANE + READERS;
const SAMPLE_MS = 500;
/** Milliseconds of traffic after all faults: what was lost must be made again in it. */
const CALM_MS = 3000;

/** Runs traffic and faults against a fleet; returns all that happened. */
export async function runFleet({
  seed,
  forMs,
  atLeastMs = 0,
  kinds,
  enough,
  ...options
}: FleetRun): Promise<FleetHistory> {
  await using world = await FleetWorld.open({ save: seed % 2 === 0, ...options });
  let over = false;
  const isOver = (): boolean => over;
  const pool = new TokenPool();
  const going = [
    ...lanes(CALLERS, (lane) => runCaller(callerOf(world, laneRandom(seed, lane), pool), isOver)),
    ...lanes(READERS, (lane) => runReader(callerOf(world, laneRandom(seed, READER_LANE + lane), pool), isOver)),
    ...lanes(FILLERS, (lane) => runFiller(callerOf(world, laneRandom(seed, FILLER_LANE + lane), pool), isOver)),
    ...lanes(SUBSCRIBERS, (lane) =>
      runSubscriber(world, laneRandom(seed, CALLERS + lane), `subscriber ${lane}`, isOver),
    ),
    sampleMemory(world, isOver),
  ];
  const begunMs = world.nowMs();
  const elapsedMs = (): number => world.nowMs() - begunMs;
  let calmMs = 0;
  const disturbing = (async (): Promise<void> => {
    const possible = faultsOf(options.shape).filter(({ kind }) => kinds?.includes(kind) ?? true);
    const random = laneRandom(seed, CALLERS + SUBSCRIBERS);
    await runFaults(world, random, possible, () => {
      return over || elapsedMs() >= forMs || (elapsedMs() >= atLeastMs && (enough?.(world.recorder) ?? false));
    });
    calmMs = world.nowMs();
    await pass(CALM_MS);
  })();
  await allEnded([disturbing.finally(() => (over = true)), ...going.map((each) => each.catch(stopAll))]);
  for (const node of world.nodes) await readToEnd(world, node, `last reader of node ${node.index}`);
  const streamsLeft = await openStreams(world);
  await world.observer.catchUp();
  return world.recorder.history(world.observer, { ...factsOf(world), streamsLeft, calmMs, logIsWhole: true });

  function stopAll(failure: unknown): never {
    over = true;
    throw failure;
  }
}

function lanes(count: number, run: (lane: number) => Promise<void>): Promise<void>[] {
  return Array.from({ length: count }, (_, lane) => run(lane));
}

async function allEnded(running: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(running)) if (end.status === 'rejected') throw end.reason;
}

async function sampleMemory(world: FleetWorld, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    for (const node of world.nodes) world.recorder.samples.push({ node: node.index, rssBytes: await node.rssBytes() });
    await pass(SAMPLE_MS);
  }
}

/** Streams that nodes still hold, as soon as they are as few as they get. */
async function openStreams(world: FleetWorld): Promise<number> {
  let left = 0;
  const none = async (): Promise<boolean> => {
    const stats = await Promise.all(world.nodes.map(({ process }) => process.call(AdminServiceService.getStats, {})));
    left = stats.reduce((sum, { subscribers }) => sum + Number(subscribers), 0);
    return left === 0;
  };
  // Who never lets go is told by the history.
  await until(() => none().catch(() => false)).catch(() => undefined);
  return left;
}

function factsOf({
  namespaceId,
  placement,
  recorder,
}: FleetWorld): Pick<FleetHistory, 'maxLagMs' | 'namespaceId' | 'partitions' | 'partitionOf'> {
  const partitions = placement.partitionsOf(namespaceId);
  const partitionOf = new Map([...recorder.keys].map((key) => [key, placement.partitionOf({ namespaceId, key })]));
  return { maxLagMs: MAX_LAG_MS, namespaceId, partitions, partitionOf };
}
