import type { Clock } from '../../src/base/clock.ts';
import { LatencyRecorder, type LatencySummary } from '../demo/latency.ts';

/** Begins a call; `done` hears, later, whether it was answered rightly. */
export type Begin = (done: (isRight: boolean) => void) => void;

/** How calls are made. */
export interface ClosedLoop {
  readonly begin: Begin;
  /** Calls under way at the same time. */
  readonly inFlight: number;
  readonly seconds: number;
  readonly clock: Clock;
}

/** What came of them. */
export interface LoopResult {
  readonly seconds: number;
  readonly latency: LatencySummary;
}

/** Makes calls, the next one whenever one is answered. Rejects if an answer was not right. */
export async function driveClosedLoop({ begin, inFlight, seconds, clock }: ClosedLoop): Promise<LoopResult> {
  const recorder = new LatencyRecorder();
  const over = Promise.withResolvers<void>();
  const beganMs = clock.monotonicMs();
  let [underWay, wrong] = [0, 0];
  const next = (): void => {
    const sentAtMs = clock.monotonicMs();
    if (sentAtMs - beganMs >= seconds * 1000) {
      if (underWay === 0) over.resolve();
      return;
    }
    underWay += 1;
    begin((isRight) => {
      recorder.record(clock.monotonicMs() - sentAtMs);
      if (!isRight) wrong += 1;
      underWay -= 1;
      next();
    });
  };
  for (let call = 0; call < inFlight; call += 1) next();
  await over.promise;
  const latency = recorder.summary();
  if (wrong > 0) throw new Error(`${wrong} of ${latency.count} answers were wrong`);
  return { seconds: (clock.monotonicMs() - beganMs) / 1000, latency };
}

/** Calls that take turns. */
export interface Turns {
  readonly begins: readonly Begin[];
  readonly seconds: number;
  readonly clock: Clock;
}

/**
 * Makes one call after the other, each kind in its turn, so that whatever the machine does in a moment falls on all of
 * them. Returns the latencies of each kind. Rejects if an answer was not right.
 */
export async function driveInTurns({ begins, seconds, clock }: Turns): Promise<readonly LatencySummary[]> {
  const recorders = begins.map(() => new LatencyRecorder());
  const endMs = clock.monotonicMs() + seconds * 1000;
  while (clock.monotonicMs() < endMs) {
    for (const [at, begin] of begins.entries()) recorders[at]!.record(await timeOf(begin, clock));
  }
  return recorders.map((recorder) => recorder.summary());
}

function timeOf(begin: Begin, clock: Clock): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sentAtMs = clock.monotonicMs();
  begin((isRight) => {
    if (isRight) resolve(clock.monotonicMs() - sentAtMs);
    else reject(new Error('an answer was wrong'));
  });
  return promise;
}
