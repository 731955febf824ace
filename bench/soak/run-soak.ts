import type { Clock } from '../../src/base/clock.ts';
import { subscribePath, subscribeRequest } from '../stream/subscribe-request.ts';
import { Receipts, Subscriber } from '../stream/subscriber.ts';
import { until } from '../stream/until.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { residentBytes } from '../support/resident.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { BatchWriter, batchChanges } from './batch-writer.ts';
import type { SoakLoad, SoakReading, SoakResult } from './soak-load.ts';
import { StalledSubscribers } from './stalled-subscribers.ts';

/** Changes before the first reading that counts: the log is full of them, and so is the store. */
const WARM_UP_CHANGES = 100_000;
const READINGS = 10;
/** Changes that the fast ones may be behind when the next batch is sent: two batches, half of what may wait for them. */
const BEHIND_MAX = 2 * batchChanges;
const WAIT_MS_MAX = 30_000;

/** Makes the changes from this process and tells what the server was like. Rejects if the fast ones fall behind. */
export async function runSoak(load: SoakLoad, clock: Clock): Promise<SoakResult> {
  using stack = new DisposableStack();
  const writer = stack.use(await BatchWriter.open(load.address, load.keys));
  const receipts = await openFast(stack, load, writer.namespace);
  const stalled = stack.use(await StalledSubscribers.open(load.address, writer.namespace, load.stalled));
  const wait = (what: string, holds: () => boolean): Promise<void> => until(holds, { what, msMax: WAIT_MS_MAX, clock });
  await wait('all streams', () => receipts.begun === load.fast && stalled.areOpen);
  const isNear = (behind: number): boolean => receipts.deliveries >= (writer.written - behind) * load.fast;
  const write = async (changes: number): Promise<SoakReading> => {
    for (const end = writer.written + changes; writer.written < end; ) {
      await writer.write();
      if (!isNear(BEHIND_MAX)) await wait('the fast subscribers', () => isNear(batchChanges));
    }
    return readingOf(writer, load, clock);
  };
  const readings = [readingOf(writer, load, clock), await write(WARM_UP_CHANGES)];
  for (let n = 0; n < READINGS; n += 1) readings.push(await write(load.changes / READINGS));
  await wait('all deliveries', () => isNear(0));
  stalled.readAgain();
  const upToDate = (): number => stalled.upToDate((writer.written - 1) % load.keys);
  await wait('the stalled subscribers', () => stalled.resets + upToDate() === load.stalled);
  const fast = { received: receipts.deliveries - receipts.misplaced, expected: writer.written * load.fast };
  return { readings, ...fast, fastResets: receipts.resets, stalledResets: stalled.resets, stalledUpToDate: upToDate() };
}

async function openFast(stack: DisposableStack, { address, fast, keys }: SoakLoad, namespace: string) {
  const receipts = new Receipts();
  const connection = stack.adopt(await GrpcConnection.open({ address }), (opened) => opened.close());
  const onEvent = (): void => undefined;
  for (let n = 0; n < fast; n += 1) {
    const listener = new Subscriber({ receipts, onEvent, expected: (index) => index % keys });
    connection.call(subscribePath, subscribeRequest(namespace, []), listener);
  }
  return receipts;
}

function readingOf(writer: BatchWriter, { serverPid }: SoakLoad, clock: Clock): SoakReading {
  return {
    changes: writer.written,
    residentBytes: residentBytes(serverPid),
    elapsedMs: clock.monotonicMs(),
    serverCpuUs: cpuTimeUs(serverPid),
  };
}
