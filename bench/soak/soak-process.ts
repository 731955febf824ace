import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { cores } from '../contestants/contestant.ts';
import { runProcess } from '../support/processes.ts';
import { startReprise } from '../support/reprise-server.ts';
import { runSoak } from './run-soak.ts';
import type { SoakLoad, SoakResult } from './soak-load.ts';

const path = fileURLToPath(import.meta.url);

/** Runs a soak against a fresh server, each in a process and on a core of its own. */
export async function soakFreshServer(load: Omit<SoakLoad, 'address' | 'serverPid'>): Promise<SoakResult> {
  await using server = await startReprise({ core: cores.server, withOps: true });
  const whole: SoakLoad = { ...load, address: server.ready.grpc, serverPid: server.pid };
  return JSON.parse(await runProcess([process.execPath, path, JSON.stringify(whole)], cores.load)) as SoakResult;
}

/** `node soak-process.ts LOAD` runs a soak given as JSON and prints what it measured as JSON. */
if (process.argv[1] === path) {
  const load = JSON.parse(process.argv[2]!) as SoakLoad;
  console.log(JSON.stringify(await runSoak(load, waitingClock)));
}
