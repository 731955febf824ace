import { percentile } from '../demo/latency.ts';

/** What a driver answers: work that was counted, or timed one by one. */
export type Answer = CountAnswer | TimeAnswer;

/** Work that was counted. */
export interface CountAnswer {
  readonly operations: number;
  readonly seconds: number;
  /** CPU time of the driver, all its threads. */
  readonly cpuSeconds: number;
  /** Of reads, the share that the near cache answered. */
  readonly served?: number;
}

/** Work that was timed one by one. */
export interface TimeAnswer {
  readonly samplesUs: readonly number[];
  readonly perSecond: number;
}

/** What a measurement gave. Of work that was only counted, the latencies are 0. */
export interface Sample {
  readonly perSecond: number;
  /** As if the driver's process had a core to itself; 0 where that was not measured. */
  readonly perCpuSecond: number;
  readonly timed: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Of reads, the share that the near cache answered; 1 where there is none. */
  readonly served: number;
}

/** Reads a line. Throws what the driver failed with, or that nothing was measured. */
export function readAnswer(line: string): Answer {
  const answer = JSON.parse(line) as Answer & { readonly error?: string };
  if (answer.error !== undefined) throw new Error(`the driver failed: ${answer.error}`);
  const count = 'samplesUs' in answer ? answer.samplesUs.length : answer.operations;
  if (!(count > 0)) throw new Error('the driver measured nothing');
  return answer;
}

/** Returns the numbers of an answer. */
export function sampleOf(answer: Answer): Sample {
  if ('samplesUs' in answer) {
    const ascending = answer.samplesUs.toSorted((a, b) => a - b);
    const of = (share: number): number => percentile(ascending, share);
    const times = { p50Us: of(0.5), p99Us: of(0.99), maxUs: of(1), served: 1 };
    return { ...times, perCpuSecond: 0, perSecond: answer.perSecond, timed: ascending.length };
  }
  const { operations, seconds, cpuSeconds, served = 1 } = answer;
  const rates = { perSecond: operations / seconds, perCpuSecond: operations / cpuSeconds };
  return { ...rates, timed: 0, p50Us: 0, p99Us: 0, maxUs: 0, served };
}
