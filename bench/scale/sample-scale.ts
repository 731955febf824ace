import type { Clock } from '../../src/base/clock.ts';
import { ChangeWriter } from '../stream/change-writer.ts';
import type { StreamLoad } from '../stream/load.ts';
import { delay, until } from '../stream/until.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import type { ScaleFleet } from './scale-fleet.ts';

/** What so many nodes cost: CPU time in microseconds. */
export interface ScaleSample {
  readonly nodes: number;
  /** Redis, in a second in which nothing happens: heartbeats. */
  readonly redisRestUs: number;
  /** A node, in such a second. */
  readonly nodeRestUs: number;
  /** For each change, beyond rest: Redis, the node that writes, and each node that only hears of it; NaN without one. */
  readonly redisChangeUs: number;
  readonly writerChangeUs: number;
  readonly hearerChangeUs: number;
}

/** How a fleet is sampled. */
export interface ScaleLoad {
  readonly seconds: number;
  readonly changesPerSecond: number;
  readonly clock: Clock;
}

interface Spent {
  readonly seconds: number;
  readonly redisUs: number;
  readonly writerUs: number;
  /** All others together. */
  readonly othersUs: number;
}

const SETTLE_MS_MAX = 30_000;
const WARM_UP_SECONDS = 2;

/** Measures rest, then changes at a steady pace. Rejects if a change was refused. */
export async function sampleScale(fleet: ScaleFleet, load: ScaleLoad): Promise<ScaleSample> {
  const { seconds, clock } = load;
  const rest = await spentIn(fleet, clock, () => delay(clock, seconds * 1000));
  await write(fleet, { ...load, seconds: WARM_UP_SECONDS });
  let changes = 0;
  const busy = await spentIn(fleet, clock, async () => {
    changes = await write(fleet, load);
  });
  const perChange = (us: number, restUs: number): number => (us - (restUs / rest.seconds) * busy.seconds) / changes;
  const hearers = fleet.others.length;
  return {
    nodes: hearers + 1,
    redisRestUs: rest.redisUs / rest.seconds,
    nodeRestUs: (rest.writerUs + rest.othersUs) / rest.seconds / (hearers + 1),
    redisChangeUs: perChange(busy.redisUs, rest.redisUs),
    writerChangeUs: perChange(busy.writerUs, rest.writerUs),
    hearerChangeUs: perChange(busy.othersUs, rest.othersUs) / hearers,
  };
}

async function spentIn(fleet: ScaleFleet, clock: Clock, act: () => Promise<void>): Promise<Spent> {
  const [beganMs, before] = [clock.monotonicMs(), cpuOf(fleet)];
  await act();
  const [endedMs, after] = [clock.monotonicMs(), cpuOf(fleet)];
  return {
    seconds: (endedMs - beganMs) / 1000,
    redisUs: after.redisUs - before.redisUs,
    writerUs: after.writerUs - before.writerUs,
    othersUs: after.othersUs - before.othersUs,
  };
}

function cpuOf({ redis, writer, others }: ScaleFleet): Omit<Spent, 'seconds'> {
  const othersUs = others.reduce((sum, { pid }) => sum + cpuTimeUs(pid), 0);
  return { redisUs: cpuTimeUs(redis.pid), writerUs: cpuTimeUs(writer.pid), othersUs };
}

/** Returns how many changes were written. */
async function write({ writer: node }: ScaleFleet, { seconds, changesPerSecond, clock }: ScaleLoad): Promise<number> {
  const connection = await GrpcConnection.open(node);
  try {
    const load: StreamLoad = {
      ...{ address: node.address, serverPid: node.pid, subscribers: 0, connections: 0, wants: 'all' },
      ...{ writing: { kind: 'paced', changesPerSecond }, warmUpSeconds: 0, seconds, readyMade: false },
    };
    const writer = new ChangeWriter({ connection, clock, load, mustWait: () => false });
    writer.start();
    await delay(clock, seconds * 1000);
    writer.stop();
    await until(() => writer.answered + writer.failed === writer.sent, {
      what: 'answers',
      msMax: SETTLE_MS_MAX,
      clock,
    });
    if (writer.failed > 0) throw new Error(`${writer.failed} of ${writer.sent} changes were refused`);
    return writer.answered;
  } finally {
    connection.close();
  }
}
