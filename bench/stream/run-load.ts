import type { Clock } from '../../src/base/clock.ts';
import { LatencyRecorder } from '../demo/latency.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { ChangeWriter } from './change-writer.ts';
import { receiversOf, type StreamLoad, type StreamSample } from './load.ts';
import { openSubscribers } from './open-subscribers.ts';
import type { Receipts } from './subscriber.ts';
import { delay, until } from './until.ts';

/** Changes by which subscribers may be behind on average: a quarter of what may wait for one of them. */
const BEHIND_MAX = 1024;
const SETTLE_MS_MAX = 20_000;

/** Loads a server from this process. Rejects if an event was lost, doubled, out of order or replaced by a Reset. */
export async function runLoad(load: StreamLoad, clock: Clock): Promise<StreamSample> {
  using stack = new DisposableStack();
  let latency: LatencyRecorder | undefined;
  const onEvent = (change: number): void => latency?.record(clock.monotonicMs() - writer.sentAtMs(change));
  const receipts = await openSubscribers(stack, load, clock, onEvent);
  const connection = stack.adopt(await GrpcConnection.open(load), (opened) => opened.close());
  const receivers = receiversOf(load);
  const mustWait = (): boolean => writer.sent * receivers - receipts.deliveries > BEHIND_MAX * receivers;
  const writer = new ChangeWriter({ connection, clock, load, mustWait });
  writer.start();
  await delay(clock, load.warmUpSeconds * 1000);
  const before = readingOf(writer, receipts, load, clock);
  // One subscriber's events are numbered as the changes are only where each change is his.
  if (load.wants === 'all') latency = new LatencyRecorder();
  await delay(clock, load.seconds * 1000);
  const after = readingOf(writer, receipts, load, clock);
  const { p50Ms, p99Ms, maxMs } = (latency ?? new LatencyRecorder()).summary();
  writer.stop();
  await settle(writer, receipts, receivers, clock);
  if (after.changes === before.changes) throw new Error('no change was answered while it was measured');
  return { ...difference(before, after), latency: { p50Ms, p99Ms, maxMs } };
}

interface Reading {
  readonly atMs: number;
  readonly changes: number;
  readonly deliveries: number;
  readonly messages: number;
  readonly serverCpuUs: number;
  readonly loadCpuUs: number;
}

function readingOf(writer: ChangeWriter, receipts: Receipts, load: StreamLoad, clock: Clock): Reading {
  const { deliveries, messages } = receipts;
  const cpuUs = { serverCpuUs: cpuTimeUs(load.serverPid), loadCpuUs: cpuTimeUs(process.pid) };
  return { atMs: clock.monotonicMs(), changes: writer.answered, deliveries, messages, ...cpuUs };
}

function difference(before: Reading, after: Reading): Omit<StreamSample, 'latency'> {
  const elapsedMs = after.atMs - before.atMs;
  return {
    seconds: elapsedMs / 1000,
    changes: after.changes - before.changes,
    deliveries: after.deliveries - before.deliveries,
    messages: after.messages - before.messages,
    serverCpuUs: after.serverCpuUs - before.serverCpuUs,
    loadCpuShare: (after.loadCpuUs - before.loadCpuUs) / (elapsedMs * 1000),
  };
}

/** Waits until all was delivered, and looks at what it was. */
async function settle(writer: ChangeWriter, receipts: Receipts, receivers: number, clock: Clock): Promise<void> {
  const isOver = (): boolean =>
    writer.answered + writer.failed === writer.sent && receipts.deliveries >= writer.sent * receivers;
  const hasFailed = (): boolean => writer.failed + receipts.resets + receipts.misplaced + receipts.ended > 0;
  await until(() => isOver() || hasFailed(), { what: 'all deliveries', msMax: SETTLE_MS_MAX, clock });
  const { deliveries, resets, misplaced, ended } = receipts;
  if (!hasFailed() && deliveries === writer.sent * receivers) return;
  const wrong = { failed: writer.failed, sent: writer.sent, receivers, deliveries, resets, misplaced, ended };
  throw new Error(`the stream is not right: ${JSON.stringify(wrong)}`);
}
