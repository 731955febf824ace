import { readFileSync } from 'node:fs';

/** Ticks of /proc/PID/stat in a second: USER_HZ, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Returns the CPU time a process has used so far, all its threads, user and system, in microseconds. 10 ms steps. */
export function cpuTimeUs(pid: number): number {
  return parseCpuTimeUs(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** Returns the CPU time that a line of /proc/PID/stat tells, in microseconds. */
export function parseCpuTimeUs(stat: string): number {
  // The second field is the program's name in parentheses, which may hold blanks and parentheses of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return ((user + system) / ticksPerSecond) * 1e6;
}
