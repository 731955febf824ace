import type { Clock } from '../../src/base/clock.ts';
import { LatencyRecorder, type LatencySummary } from '../demo/latency.ts';
import { ChangeWriter } from '../stream/change-writer.ts';
import type { StreamLoad } from '../stream/load.ts';
import { openSubscribers } from '../stream/open-subscribers.ts';
import { delay, until } from '../stream/until.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import type { FleetServers } from './fleet-servers.ts';
import type { ChangeSample } from './numbers.ts';
import { probeFor } from './probe.ts';

/** Changes a second that are followed. */
export const changeRates = [1000, 3000] as const;
/** Who is asked when a change has come: a subscriber of the other node, or that node's L1. */
export const observers = ['subscriber', 'l1'] as const;
/** Who is asked. */
export type Observer = (typeof observers)[number];

/** What following changes for a while needs. */
export interface ChangeLoad {
  readonly servers: FleetServers;
  readonly changesPerSecond: number;
  readonly observer: Observer;
  readonly seconds: number;
  readonly clock: Clock;
}

const WARM_UP_MS = 500;
const SETTLE_MS_MAX = 20_000;

/** Writes changes on one node, at a steady pace, and times when the other has them. Rejects if one is lost. */
export async function sampleChanges(load: ChangeLoad): Promise<ChangeSample> {
  using stack = new DisposableStack();
  const { servers, clock } = load;
  const streamLoad = streamLoadOf(load);
  // What came before must have arrived: a subscriber's first event has to be this writer's first change.
  await delay(clock, WARM_UP_MS);
  let recorder: LatencyRecorder | undefined;
  const onEvent = (change: number): void => recorder?.record(clock.monotonicMs() - writer.sentAtMs(change));
  const receipts = await openSubscribers(stack, streamLoad, clock, onEvent);
  const toNode = await openGrpc(stack, servers.node.address);
  const writer = new ChangeWriter({ connection: toNode, clock, load: streamLoad, mustWait: () => false });
  writer.start();
  await delay(clock, WARM_UP_MS);
  recorder = new LatencyRecorder();
  const before = readingOf(servers, writer, clock);
  const probed = await observe(stack, load);
  const after = readingOf(servers, writer, clock);
  const summary = probed ?? recorder.summary();
  writer.stop();
  await until(() => writer.answered + writer.failed === writer.sent, { what: 'answers', msMax: SETTLE_MS_MAX, clock });
  // A starved node refuses: what is left would not be the load that was asked for.
  if (writer.failed > 0) throw new Error(`${writer.failed} of ${writer.sent} changes were refused`);
  const isOver = (): boolean => receipts.deliveries >= writer.sent * streamLoad.subscribers;
  await until(isOver, { what: 'all changes', msMax: SETTLE_MS_MAX, clock });
  if (receipts.misplaced + receipts.resets > 0) throw new Error('the stream is not right');
  return sampleOf(before, after, summary);
}

function streamLoadOf({ servers, changesPerSecond, observer, seconds }: ChangeLoad): StreamLoad {
  const subscribers = observer === 'subscriber' ? 1 : 0;
  return {
    ...{ address: servers.other.address, serverPid: servers.other.pid, subscribers, connections: subscribers },
    ...{ wants: 'all', writing: { kind: 'paced', changesPerSecond }, warmUpSeconds: 0, seconds, readyMade: false },
  };
}

/** Lets the time pass; what asks for itself returns what it saw. */
async function observe(
  stack: DisposableStack,
  { servers, observer, seconds, clock }: ChangeLoad,
): Promise<LatencySummary | undefined> {
  if (observer === 'subscriber') {
    await delay(clock, seconds * 1000);
    return undefined;
  }
  const toNode = await openGrpc(stack, servers.node.address);
  return probeFor(seconds, { toNode, toOther: await openGrpc(stack, servers.other.address), clock });
}

async function openGrpc(stack: DisposableStack, address: string): Promise<GrpcConnection> {
  return stack.adopt(await GrpcConnection.open({ address }), (connection) => connection.close());
}

interface Reading {
  readonly atMs: number;
  readonly changes: number;
  readonly nodeCpuUs: number;
  readonly otherCpuUs: number;
  readonly redisCpuUs: number;
}

function readingOf({ node, other, redis }: FleetServers, writer: ChangeWriter, clock: Clock): Reading {
  const cpu = { nodeCpuUs: cpuTimeUs(node.pid), otherCpuUs: cpuTimeUs(other.pid), redisCpuUs: cpuTimeUs(redis.pid) };
  return { atMs: clock.monotonicMs(), changes: writer.answered, ...cpu };
}

function sampleOf(before: Reading, after: Reading, { count, p50Ms, p99Ms, maxMs }: LatencySummary): ChangeSample {
  const changes = after.changes - before.changes;
  return {
    ...{ changesPerSecond: (changes * 1000) / (after.atMs - before.atMs), timed: count, p50Ms, p99Ms, maxMs },
    nodeCpuUs: (after.nodeCpuUs - before.nodeCpuUs) / changes,
    otherCpuUs: (after.otherCpuUs - before.otherCpuUs) / changes,
    redisCpuUs: (after.redisCpuUs - before.redisCpuUs) / changes,
  };
}
