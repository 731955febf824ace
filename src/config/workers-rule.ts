import { defaultConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { Given } from './flag.ts';

/** Returns how many processes share the port. Throws a ConfigError where they could not be one cache. */
export function workersOf({ workers = defaultConfig.workers, redisUrl, spoolDir, testing }: Given): number {
  if (workers === 1) return workers;
  if (redisUrl === undefined) {
    throw new ConfigError(
      '--workers needs --redis: without it the truth is in the memory of one process, and several would each be another cache. Leave --workers out, or give --redis URL',
    );
  }
  if (spoolDir !== undefined) {
    throw new ConfigError(
      '--workers and --spool exclude each other: a spool belongs to one process. Start nodes by themselves, each with a --spool of its own, or leave one of them out',
    );
  }
  if (testing) {
    throw new ConfigError(
      '--workers and --testing exclude each other: a fault would be in one of the processes, and nobody knows in which. Leave one of them out',
    );
  }
  return workers;
}
