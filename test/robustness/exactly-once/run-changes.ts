import { systemClock } from '../../../src/base/clock.ts';
import { cacheCalls } from '../../support/cache-calls.ts';
import { RetryingCaller } from '../../support/retrying-caller.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { Changer, type RequestIds } from './changer.ts';
import { startLossyFleet } from './lossy-fleet.ts';
import { readValues } from './read-values.ts';

const NODES = 3;
const CALLERS = 24;
const COUNTERS = 8;

/** The share of packets with writes whose answers are lost: so about a tenth of the changes have an unknown outcome. */
const LOST_SHARE = 0.06;

/** What a run was told, and what became of it. */
export interface ChangesResult {
  readonly requestIds: RequestIds;
  readonly changers: readonly Changer[];
  /** Changes in the log of Redis. */
  readonly applied: number;
  /** What counters and registers hold at the end. */
  readonly values: ReadonlyMap<string, bigint>;
  /** Answers of Redis that were lost. */
  readonly lost: number;
  readonly seconds: number;
}

/** Makes `count` changes by callers that try again, over nodes that lose answers of Redis. */
export async function runChanges(count: number, seed: number, requestIds: RequestIds): Promise<ChangesResult> {
  const random = new SeededRandom(seed);
  await using fleet = await startLossyFleet(NODES, random);
  const clients = fleet.nodes.map(({ client }) => client);
  const changers = Array.from({ length: CALLERS }, (_, index) => {
    return new Changer(new RetryingCaller(clients, random, index), `${index}`, requestIds);
  });
  await cacheCalls(fleet.nodes[0]!).stored('the first change', 'begins the history');
  const [before, beganMs] = [await fleet.head(), systemClock.monotonicMs()];
  fleet.lose(LOST_SHARE);
  let left = count;
  const work = async (changer: Changer): Promise<void> => {
    while (left-- > 0) await changeOnce(changer, random);
  };
  await Promise.all(changers.map(work));
  const seconds = (systemClock.monotonicMs() - beganMs) / 1000;
  const { lost } = fleet;
  await fleet.pass();
  const applied = (await fleet.head()) - before;
  return { requestIds, changers, applied, values: await readValues(clients, changers), lost, seconds };
}

function changeOnce(changer: Changer, random: SeededRandom): Promise<void> {
  if (random.chance(0.5)) return changer.increment(`counter ${random.below(COUNTERS)}`);
  return random.chance(0.5) ? changer.setRegister() : changer.setAbsent();
}
