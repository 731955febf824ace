import type { Contestant } from '../contestants/contestant.ts';
import type { Measured, Sample } from './measured.ts';
import { type MeasuredRounds, measureRounds } from './rounds.ts';

/** Which drive it was. */
export interface DriveName {
  /** From 1. */
  readonly launch: number;
  /** From 1; 0 is the launch's warm-up. */
  readonly round: number;
  readonly id: string;
}

/** How contestants are measured over processes. */
export interface LaunchesOptions {
  readonly launches: number;
  /** Rounds of each launch. */
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly signal: AbortSignal;
  /** Starts all servers in new processes, the same contestants in the same order each time; `stack` will stop them. */
  readonly open: (stack: AsyncDisposableStack) => Promise<readonly Contestant[]>;
  readonly onDrive: (drive: DriveName, sample: Sample) => void;
}

/** Measures all contestants in launch after launch, each with servers, warm-up and rounds of its own. */
export async function measureLaunches(options: LaunchesOptions): Promise<readonly Measured[]> {
  const launches: (readonly MeasuredRounds[])[] = [];
  for (let launch = 1; launch <= options.launches; launch += 1) launches.push(await measureLaunch(options, launch));
  return (launches[0] ?? []).map(({ contestant }, at) => ({
    contestant,
    launches: launches.map((measured) => measured[at]!.samples),
  }));
}

async function measureLaunch(options: LaunchesOptions, launch: number): Promise<readonly MeasuredRounds[]> {
  await using stack = new AsyncDisposableStack();
  const contestants = await options.open(stack);
  return await measureRounds({
    ...{ ...options, contestants },
    onDrive: (round, { id }, sample) => options.onDrive({ launch, round, id }, sample),
  });
}
