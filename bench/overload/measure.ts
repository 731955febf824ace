import type { Clock } from '../../src/base/clock.ts';
import { cores } from '../contestants/contestant.ts';
import { fillReprise, isRightBatchGet, isRightGet, repriseCalls } from '../contestants/reprise.ts';
import { driveClosedLoop } from '../fleet/closed-loop.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { startReprise } from '../support/reprise-server.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { Callers } from './callers.ts';
import { driveOpenLoop, type OpenLoopResult } from './open-loop.ts';
import type { OverloadOptions } from './options.ts';
import { refusedBuckets, type ShedWork, shedWork } from './shed-work.ts';

/** The calls that are measured. */
export const overloadCalls = {
  get: { title: 'Get', ...repriseCalls.get, isRight: isRightGet },
  batchGet: { title: 'BatchGet × 100', ...repriseCalls.batchGet, isRight: isRightBatchGet },
} as const;

/** A load, in times of the peak. */
export interface LoadMeasured extends OpenLoopResult {
  readonly times: number;
  readonly work: ShedWork;
  /** Share of its core that the server got: others may take some. */
  readonly cpuShare: number;
}

/** What was measured of one call. */
export interface OverloadMeasured {
  readonly title: string;
  readonly peakPerSecond: number;
  readonly peakCpuShare: number;
  readonly loads: readonly LoadMeasured[];
  /** Seconds after the largest load until no call failed any more, at half of the peak. */
  readonly recoverySeconds: number;
}

const LOADS = [1, 3] as const;
const SETTLE_SECONDS = 2;
const WARM_UP_SECONDS = 5;
const AFTER_SECONDS = 8;
const PEAK_IN_FLIGHT = 64;

/** How it is measured, and who hears of it. */
export interface MeasureOptions extends OverloadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Measures one call on a server of its own. */
export async function measureOverload(
  name: keyof typeof overloadCalls,
  { connections, seconds, clock, signal, say }: MeasureOptions,
): Promise<OverloadMeasured> {
  const { title, path, request, isRight } = overloadCalls[name];
  await using server = await startReprise({ core: cores.server, withOps: true });
  const { grpc: address, ops } = server.ready;
  await fillReprise(address);
  using stack = new DisposableStack();
  const opened: GrpcConnection[] = [];
  for (let at = 0; at < connections; at += 1) {
    opened.push(stack.adopt(await GrpcConnection.open({ address }), (connection) => connection.close()));
  }
  const peakOf = (forSeconds: number) => peakPerSecond({ opened, path, request, isRight }, forSeconds, clock);
  await peakOf(WARM_UP_SECONDS);
  const peakCpu = cpuShares(server.pid, clock);
  const peak = await peakOf(seconds);
  const peakCpuShare = peakCpu().server;
  say(`${title}: peak ${Math.round(peak)} calls a second`);
  const callers = new Callers(opened, { path, request }, clock);
  const loads: LoadMeasured[] = [];
  for (const times of LOADS) {
    signal.throwIfAborted();
    const before = refusedBuckets(await scrape(ops!));
    const cpu = cpuShares(server.pid, clock);
    const loop = { callers, clock, callsPerSecond: times * peak, seconds, settleSeconds: SETTLE_SECONDS };
    const result = await driveOpenLoop(loop);
    const shares = cpu();
    const told = `CPU of the server ${shares.server.toFixed(2)}, of its callers ${shares.callers.toFixed(2)}`;
    say(`${title}: ${times} × peak, ${Math.round(result.answered)} answered a second, ${told}`);
    loads.push({
      times,
      ...result,
      cpuShare: shares.server,
      work: shedWork(before, refusedBuckets(await scrape(ops!))),
    });
  }
  const after = { callers, clock, callsPerSecond: peak / 2, seconds: AFTER_SECONDS, settleSeconds: 0 };
  const { lastFailureMs } = await driveOpenLoop(after);
  return { title, peakPerSecond: peak, peakCpuShare, loads, recoverySeconds: lastFailureMs / 1000 };
}

/** Begins to count CPU time; returns what says which shares of their cores the server and its callers took since. */
function cpuShares(serverPid: number, clock: Clock): () => { readonly server: number; readonly callers: number } {
  const [serverUs, callersUs, beganMs] = [cpuTimeUs(serverPid), cpuTimeUs(process.pid), clock.monotonicMs()];
  return () => {
    const elapsedUs = (clock.monotonicMs() - beganMs) * 1000;
    return {
      server: (cpuTimeUs(serverPid) - serverUs) / elapsedUs,
      callers: (cpuTimeUs(process.pid) - callersUs) / elapsedUs,
    };
  };
}

interface Peak {
  readonly opened: readonly GrpcConnection[];
  readonly path: string;
  readonly request: Buffer;
  readonly isRight: (answer: Buffer) => boolean;
}

/** Answers a second to as many calls at a time as are never too many. What is refused all the same does not count. */
async function peakPerSecond({ opened, path, request, isRight }: Peak, seconds: number, clock: Clock): Promise<number> {
  let [sent, answered] = [0, 0];
  const begin = (done: (isRight: boolean) => void): void => {
    let right = true;
    opened[sent++ % opened.length]!.call(path, request, {
      message: (bytes) => {
        answered += 1;
        // Each hundredth: to read all would take the callers' core.
        right = sent % 100 !== 0 || isRight(bytes);
      },
      ended: () => done(right),
    });
  };
  const { seconds: took } = await driveClosedLoop({ begin, inFlight: PEAK_IN_FLIGHT, seconds, clock });
  return answered / took;
}

async function scrape(address: string): Promise<string> {
  const response = await fetch(`http://${address}/metrics`);
  return response.text();
}
