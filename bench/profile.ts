import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { cores, loadShape } from './contestants/contestant.ts';
import { grpcContestant } from './contestants/grpc-contestant.ts';
import { fillReprise, isRightBatchGet, isRightGet, repriseCalls } from './contestants/reprise.ts';
import { openScratch, type Scratch } from './contestants/workload.ts';
import { type CpuProfile, selfTimes, tailOf } from './profile/cpu-profile.ts';
import { profileTables } from './profile/report.ts';
import { ArgumentError, readArguments, readInteger } from './support/arguments.ts';
import { startReprise } from './support/reprise-server.ts';
import { runMain } from './support/run-main.ts';
import { formatCount } from './support/table.ts';
import { requireProgram } from './support/tools.ts';

const loads = {
  get: { ...repriseCalls.get, keysPerCall: 1, shape: loadShape.get, isRight: isRightGet },
  batchGet: { ...repriseCalls.batchGet, keysPerCall: 100, shape: loadShape.batch, isRight: isRightBatchGet },
} as const;

const warmUpSeconds = 6;

/** `npm run profile -- [--call get|batchGet] [--seconds N]`: tells where the microseconds of a call go in the server. */
async function profile(args: readonly string[]): Promise<void> {
  const given = readArguments(args, ['call', 'seconds']);
  const call = readCall(given.call ?? 'get');
  await requireProgram('h2load', 'nghttp2-client', console.error);
  using scratch = openScratch();
  const { calls, lastUs } = await driveProfiled(call, readInteger('seconds', given.seconds, 10), scratch);
  const times = selfTimes(tailOf(readProfile(scratch), lastUs));
  process.stdout.write(`${formatCount(calls)} calls of ${call}\n\n${profileTables(times, calls)}`);
}

interface ProfiledDrive {
  readonly calls: number;
  /** Microseconds from the drive's begin to the profile's end. */
  readonly lastUs: number;
}

async function driveProfiled(call: keyof typeof loads, seconds: number, scratch: Scratch): Promise<ProfiledDrive> {
  const nodeFlags = ['--cpu-prof', '--cpu-prof-interval', '500', `--cpu-prof-dir=${scratch.path}`];
  await using server = await startReprise({ core: cores.server, withOps: true, nodeFlags });
  const address = server.ready.grpc;
  await fillReprise(address);
  const contestant = grpcContestant({ ...loads[call], id: call, title: call, pid: server.pid, address, scratch });
  await contestant.verify();
  await contestant.drive(warmUpSeconds);
  const beganMs = systemClock.monotonicMs();
  const { calls } = await contestant.drive(seconds);
  return { calls, lastUs: (systemClock.monotonicMs() - beganMs) * 1000 };
}

function readProfile(scratch: Scratch): CpuProfile {
  const file = readdirSync(scratch.path).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the server wrote no profile');
  return JSON.parse(readFileSync(join(scratch.path, file), 'utf8')) as CpuProfile;
}

function readCall(text: string): keyof typeof loads {
  if (text in loads) return text as keyof typeof loads;
  throw new ArgumentError(`--call must be one of ${Object.keys(loads).join(', ')}`);
}

await runMain(profile);
