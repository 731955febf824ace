import { readFileSync } from 'node:fs';

/** Returns the bytes of memory that a process occupies now, VmRSS. */
export function residentBytes(pid: number): number {
  return parseResidentBytes(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Returns the bytes that the text of /proc/PID/status tells. */
export function parseResidentBytes(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('no VmRSS: the process has ended');
  return Number(kibibytes) * 1024;
}
