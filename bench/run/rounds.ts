import type { Contestant } from '../contestants/contestant.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import type { Sample } from './measured.ts';

/** The samples of a contestant in one launch, one a round. */
export interface MeasuredRounds {
  readonly contestant: Contestant;
  readonly samples: readonly Sample[];
}

/** How running contestants are measured. */
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
export async function measureRounds(options: RoundsOptions): Promise<readonly MeasuredRounds[]> {
  const measured = options.contestants.map((contestant) => ({ contestant, samples: [] as Sample[] }));
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const { contestant, samples } of measured) {
      options.signal.throwIfAborted();
      const sample = await measure(contestant, round === 0 ? warmUpSecondsOf(contestant, options) : options.seconds);
      options.onDrive(round, contestant, sample);
      if (round > 0) samples.push(sample);
    }
  }
  return measured;
}

function warmUpSecondsOf(contestant: Contestant, { warmUpSeconds }: RoundsOptions): number {
  return Math.min(warmUpSeconds, contestant.warmUpSecondsMax ?? warmUpSeconds);
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
