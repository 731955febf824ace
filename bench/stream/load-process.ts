import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { cores } from '../contestants/contestant.ts';
import { runProcess } from '../support/processes.ts';
import type { StreamLoad, StreamSample } from './load.ts';
import { runLoad } from './run-load.ts';

const path = fileURLToPath(import.meta.url);

/** Runs a load in a process of its own on the core of loads. Rejects if the stream was not right. */
export async function runLoadProcess(load: StreamLoad): Promise<StreamSample> {
  const output = await runProcess([process.execPath, path, JSON.stringify(load)], cores.load);
  return JSON.parse(output) as StreamSample;
}

/** `node load-process.ts LOAD` runs a load given as JSON and prints what it measured as JSON. */
if (process.argv[1] === path) {
  const load = JSON.parse(process.argv[2]!) as StreamLoad;
  console.log(JSON.stringify(await runLoad(load, waitingClock)));
}
