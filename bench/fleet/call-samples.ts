import type { Redis } from 'ioredis';
import type { Clock } from '../../src/base/clock.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import type { CallGroup, FleetCall } from './calls.ts';
import { driveClosedLoop, driveInTurns } from './closed-loop.ts';
import type { FleetServers } from './fleet-servers.ts';
import type { AloneSample, BusySample } from './numbers.ts';
import { requestsServed } from './redis-client.ts';

/** Calls of one kind that are under way at the same time when servers are to be busy. */
export const busyInFlight = 16;

/** Hears samples. */
export interface CallListener {
  alone(call: FleetCall, sample: AloneSample): void;
  busy(call: FleetCall, sample: BusySample): void;
}

/** What measuring a round of calls needs. */
export interface CallRound {
  readonly servers: FleetServers;
  readonly groups: readonly CallGroup[];
  /** Asks Redis how many scripts and MGETs it has served. */
  readonly redis: Redis;
  readonly seconds: number;
  readonly clock: Clock;
  readonly listener: CallListener;
  readonly signal: AbortSignal;
}

/** Measures each group: its calls in turns, one at a time, then one kind after the other, many at a time. */
export async function sampleCalls(round: CallRound): Promise<void> {
  for (const group of round.groups) {
    round.signal.throwIfAborted();
    await sampleAlone(round, group);
    for (const call of group) {
      round.signal.throwIfAborted();
      round.listener.busy(call, await sampleBusy(round, call));
    }
  }
}

async function sampleAlone({ seconds, clock, listener }: CallRound, group: CallGroup): Promise<void> {
  const begins = group.map(({ begin }) => begin);
  const summaries = await driveInTurns({ begins, seconds: seconds * group.length, clock });
  for (const [at, { p50Ms, p99Ms }] of summaries.entries()) {
    listener.alone(group[at]!, { p50Us: p50Ms * 1000, p99Us: p99Ms * 1000 });
  }
}

async function sampleBusy(round: CallRound, call: FleetCall): Promise<BusySample> {
  const { seconds, clock, redis } = round;
  const servedBefore = await requestsServed(redis);
  const before = cpuTimes(round.servers, call);
  const loop = { begin: call.begin, inFlight: busyInFlight, seconds, clock };
  const { latency, seconds: took } = await driveClosedLoop(loop);
  const after = cpuTimes(round.servers, call);
  const { count } = latency;
  checkRequests(call, (await requestsServed(redis)) - servedBefore, count, took);
  return {
    ...{ callsPerSecond: count / took, p50Us: latency.p50Ms * 1000, p99Us: latency.p99Ms * 1000 },
    serverCpuUs: (after.server - before.server) / count,
    redisCpuUs: (after.redis - before.redis) / count,
    otherCpuUs: (after.other - before.other) / count,
    loadCpuShare: (after.load - before.load) / (took * 1e6),
  };
}

function cpuTimes({ redis, other }: FleetServers, { serverPid }: FleetCall) {
  return {
    server: serverPid === undefined ? 0 : cpuTimeUs(serverPid),
    redis: cpuTimeUs(redis.pid),
    other: cpuTimeUs(other.pid),
    load: cpuTimeUs(process.pid),
  };
}

/** Scripts that two nodes run by themselves in a second: heartbeats and tidying. */
const OWN_REQUESTS_PER_SECOND_MAX = 50;

function checkRequests({ id, requestsPerCall }: FleetCall, ran: number, calls: number, seconds: number): void {
  const least = calls * requestsPerCall * 0.99;
  const most = calls * (requestsPerCall + 0.01) + seconds * OWN_REQUESTS_PER_SECOND_MAX;
  if (ran >= least && ran <= most) return;
  throw new Error(`${id}: Redis served ${ran} scripts and MGETs for ${calls} calls, not ${requestsPerCall} for each`);
}
