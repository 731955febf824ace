import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a figure depends on. No names of hosts or users. */
export interface Machine {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted to run in the minute before: above 0.5 others take time and throughput comes out low. */
  readonly loadBefore: number;
}

/** Returns the facts of this machine. */
export function machineFacts(): Machine {
  return {
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release().split('-')[0]!,
    node: process.version,
    loadBefore: loadavg()[0]!,
  };
}

/** Ticks that the machine's cores have spent so far, and those of them that its host gave to others. */
export interface StealTicks {
  readonly total: number;
  readonly stolen: number;
}

/** Reads the ticks of /proc/stat. */
export function stealTicks(): StealTicks {
  return parseStealTicks(readFileSync('/proc/stat', 'utf8'));
}

/** Reads the ticks from the text of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function parseStealTicks(stat: string): StealTicks {
  const ticks = stat.slice(0, stat.indexOf('\n')).split(/\s+/).slice(1, 9).map(Number);
  return { total: ticks.reduce((sum, count) => sum + count, 0), stolen: ticks[7] ?? 0 };
}

/** Returns which share of the cores' time was stolen between two readings: high means noisy figures. */
export function stolenShare(before: StealTicks, after: StealTicks): number {
  return (after.stolen - before.stolen) / Math.max(1, after.total - before.total);
}
