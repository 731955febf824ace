import type { Contestant } from '../contestants/contestant.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { median } from '../support/medians.ts';

/** What one drive of one contestant measured. */
export interface Sample {
  readonly callsPerSecond: number;
  /** CPU time of the server's process, user and system, for each call. */
  readonly cpuUsPerCall: number;
}

/** All samples of a contestant, one a round. */
export interface Measured {
  readonly contestant: Contestant;
  readonly samples: readonly Sample[];
}

/** How contestants are measured. */
export interface RoundsOptions {
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly signal: AbortSignal;
  readonly onDrive: (round: number, contestant: Contestant, sample: Sample) => void;
}

/**
 * Measures all contestants in interleaved rounds, A B C A B C …: whatever else the machine does in a minute falls on
 * all of them. Round 0 warms up and is not counted.
 */
export async function measureRounds(options: RoundsOptions): Promise<readonly Measured[]> {
  const measured = options.contestants.map((contestant) => ({ contestant, samples: [] as Sample[] }));
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const { contestant, samples } of measured) {
      options.signal.throwIfAborted();
      const sample = await measure(contestant, round === 0 ? options.warmUpSeconds : options.seconds);
      options.onDrive(round, contestant, sample);
      if (round > 0) samples.push(sample);
    }
  }
  return measured;
}

/** Returns the median of what `of` says of each sample. */
export function medianOf({ samples }: Measured, of: (sample: Sample) => number): number {
  return median(samples.map(of));
}

/** Returns the median over the rounds of the quotient of two contestants in the same round. */
export function medianRatio(over: Measured, under: Measured, of: (sample: Sample) => number): number {
  return median(over.samples.map((sample, round) => of(sample) / of(under.samples[round]!)));
}

/** An answer is checked before and after: a server that breaks on the way is noticed. */
async function measure(contestant: Contestant, seconds: number): Promise<Sample> {
  await contestant.verify();
  const beforeUs = cpuTimeUs(contestant.pid);
  const drive = await contestant.drive(seconds);
  const cpuUsPerCall = (cpuTimeUs(contestant.pid) - beforeUs) / drive.calls;
  await contestant.verify();
  return { callsPerSecond: drive.callsPerSecond, cpuUsPerCall };
}
