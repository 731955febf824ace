import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, waitingClock } from '../src/base/clock.ts';
import { cores, loadShape } from './contestants/contestant.ts';
import { grpcContestant } from './contestants/grpc-contestant.ts';
import { fillReprise, isRightBatchGet, isRightGet, repriseCalls } from './contestants/reprise.ts';
import { openScratch, type Scratch } from './contestants/workload.ts';
import { type CpuProfile, selfTimes, tailOf } from './profile/cpu-profile.ts';
import { driveFleet, fleetLoads, isFleetLoad } from './profile/fleet-load.ts';
import { profileTables } from './profile/report.ts';
import { runLoadProcess } from './stream/load-process.ts';
import { scenarios } from './stream/scenarios.ts';
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
const nodeFlags = ['--cpu-prof', '--cpu-prof-interval', '500'] as const;

/**
 * `npm run profile -- [--call NAME] [--seconds N]`: tells where the microseconds of a call go in the server. `get` and
 * `batchGet` are hits of a server alone, `fanOut` a message to one of 1000 subscribers, of one change; `l1Get`, `l2Get`,
 * `fleetSet`, `l1Batch` and `l2Batch` calls of a node of a fleet.
 */
async function profile(args: readonly string[]): Promise<void> {
  const given = readArguments(args, ['call', 'seconds']);
  const call = readCall(given.call ?? 'get');
  await requireProgram('h2load', 'nghttp2-client', console.error);
  using scratch = openScratch();
  const seconds = readInteger('seconds', given.seconds, 10);
  const { calls, lastUs } = await profiled(call, seconds, scratch);
  const times = selfTimes(tailOf(readProfile(scratch), lastUs));
  process.stdout.write(`${formatCount(calls)} calls of ${call}\n\n${profileTables(times, calls)}`);
}

interface ProfiledDrive {
  readonly calls: number;
  /** Microseconds from the drive's begin to the profile's end. */
  readonly lastUs: number;
}

function profiled(call: CallName, seconds: number, scratch: Scratch): Promise<ProfiledDrive> {
  if (call === 'fanOut') return fanOutProfiled(seconds, scratch);
  if (!isFleetLoad(call)) return driveProfiled(call, seconds, scratch);
  return driveFleet({ name: call, seconds, warmUpSeconds, nodeFlags: profileFlags(scratch), clock: waitingClock });
}

async function driveProfiled(call: keyof typeof loads, seconds: number, scratch: Scratch): Promise<ProfiledDrive> {
  await using server = await startProfiled(scratch);
  const address = server.ready.grpc;
  await fillReprise(address);
  const contestant = grpcContestant({ ...loads[call], id: call, title: call, pid: server.pid, address, scratch });
  await contestant.verify();
  await contestant.drive(warmUpSeconds);
  const beganMs = systemClock.monotonicMs();
  const { calls } = await contestant.drive(seconds);
  return { calls, lastUs: (systemClock.monotonicMs() - beganMs) * 1000 };
}

async function fanOutProfiled(seconds: number, scratch: Scratch): Promise<ProfiledDrive> {
  await using server = await startProfiled(scratch);
  const { shape } = scenarios.find(({ id }) => id === 'fanOut.1000.oneByOne')!;
  const load = { address: server.ready.grpc, serverPid: server.pid, readyMade: false, ...shape };
  await runLoadProcess({ ...load, warmUpSeconds: 0, seconds: warmUpSeconds });
  const beganMs = systemClock.monotonicMs();
  const { messages } = await runLoadProcess({ ...load, warmUpSeconds: 0, seconds });
  return { calls: messages, lastUs: (systemClock.monotonicMs() - beganMs) * 1000 };
}

function startProfiled(scratch: Scratch): ReturnType<typeof startReprise> {
  return startReprise({ core: cores.server, withOps: true, nodeFlags: profileFlags(scratch) });
}

function profileFlags(scratch: Scratch): readonly string[] {
  return [...nodeFlags, `--cpu-prof-dir=${scratch.path}`];
}

function readProfile(scratch: Scratch): CpuProfile {
  const file = readdirSync(scratch.path).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the server wrote no profile');
  return JSON.parse(readFileSync(join(scratch.path, file), 'utf8')) as CpuProfile;
}

type CallName = keyof typeof loads | keyof typeof fleetLoads | 'fanOut';

function readCall(text: string): CallName {
  const names: readonly string[] = [...Object.keys(loads), 'fanOut', ...Object.keys(fleetLoads)];
  if (names.includes(text)) return text as CallName;
  throw new ArgumentError(`--call must be one of ${names.join(', ')}`);
}

await runMain(profile);
