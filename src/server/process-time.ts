import { performance } from 'node:perf_hooks';
import type { ProcessTime } from '../api/load-shedder.ts';

/** Returns what the process has spent its time on so far. */
export function processTime(): ProcessTime {
  const cpuUs = Object.values(process.cpuUsage()).reduce((sum, us) => sum + us, 0);
  return { cpuMs: cpuUs / 1000, idleMs: performance.eventLoopUtilization().idle };
}
