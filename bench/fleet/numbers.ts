import { median } from '../support/medians.ts';

/** Latencies of a call. */
export interface AloneSample {
  readonly p50Us: number;
  readonly p99Us: number;
}

/** What many calls at a time measured. */
export interface BusySample extends AloneSample {
  readonly callsPerSecond: number;
  /** CPU time for each call of the process that answers; 0 if that is Redis. */
  readonly serverCpuUs: number;
  readonly redisCpuUs: number;
  /** Of the node that is not called, for each call. */
  readonly otherCpuUs: number;
  /** Share of its core that the load itself took. */
  readonly loadCpuShare: number;
}

/** What following changes for a while measured. */
export interface ChangeSample {
  /** Changes written a second. */
  readonly changesPerSecond: number;
  /** Changes that were timed. */
  readonly timed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time for each change: of the node that wrote, of the one that heard, of Redis. */
  readonly nodeCpuUs: number;
  readonly otherCpuUs: number;
  readonly redisCpuUs: number;
}

/** Samples by what they are of, one a round, in the same order for all. */
export type Samples<Sample> = ReadonlyMap<string, readonly Sample[]>;

/** Says one number of a sample. */
export type NumberOf<Sample> = (sample: Sample) => number;

/** Returns the samples of a name. Throws if there are none. */
export function samplesOf<Sample>(samples: Samples<Sample>, name: string): readonly Sample[] {
  const found = samples.get(name);
  if (found === undefined || found.length === 0) throw new Error(`${name} was not measured`);
  return found;
}

/** Returns the median over rounds. */
export function medianOf<Sample>(samples: readonly Sample[], of: NumberOf<Sample>): number {
  return median(samples.map(of));
}

/** Returns the least of all rounds: the one that noise added least to. */
export function leastOf<Sample>(samples: readonly Sample[], of: NumberOf<Sample>): number {
  return Math.min(...samples.map(of));
}

/** Returns the median over rounds of the quotient of two that ran in the same round. */
export function medianRatio<Sample>(over: readonly Sample[], under: readonly Sample[], of: NumberOf<Sample>): number {
  return median(over.map((sample, round) => of(sample) / of(under[round]!)));
}

/** Returns which of several names has the median that is best: the least, or the most. */
export function strongest<Sample>(
  samples: Samples<Sample>,
  names: readonly string[],
  of: NumberOf<Sample>,
  best: 'least' | 'most',
): string {
  const sign = best === 'least' ? 1 : -1;
  const by = (name: string): number => sign * medianOf(samplesOf(samples, name), of);
  return names.toSorted((a, b) => by(a) - by(b))[0]!;
}

/** What a server between caller and Redis adds. */
export interface AddedLatency {
  /** Microseconds, of the median latency. */
  readonly addedUs: number;
  /** How many times that fits into the echo's latency: above 1 the server adds less than an echo takes. */
  readonly ratio: number;
  /** The same of the least latencies of all rounds. */
  readonly leastUs: number;
  readonly leastRatio: number;
}

/** Returns what calls through a server take more than those that go to Redis directly, beside an echo. */
export function addedLatency(
  through: readonly AloneSample[],
  direct: readonly AloneSample[],
  echo: readonly AloneSample[],
): AddedLatency {
  const p50Us = (sample: AloneSample): number => sample.p50Us;
  const added = through.map((sample, round) => p50Us(sample) - p50Us(direct[round]!));
  const ratios = added.map((addedUs, round) => p50Us(echo[round]!) / addedUs);
  const leastUs = leastOf(through, p50Us) - leastOf(direct, p50Us);
  return { addedUs: median(added), ratio: median(ratios), leastUs, leastRatio: leastOf(echo, p50Us) / leastUs };
}
