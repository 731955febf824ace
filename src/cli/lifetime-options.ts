import { Option } from 'commander';
import { durationOf } from '../api/durations.ts';
import { limits } from '../base/limits.ts';
import { parseDurationMs } from '../config/durations.ts';
import type { Duration } from '../gen/google/protobuf/duration.ts';

/** The options that give an entry its lifetime, as commander keeps them. */
export interface LifetimeOptions {
  readonly ttl?: Duration;
  readonly staleWindow?: Duration;
}

/** Makes `--ttl`. */
export function ttlOption(help = 'how long the entry is fresh, such as 250ms, 90s or 1h; up to 30d'): Option {
  const range = { min: 1, max: limits.ttlMsMax };
  return new Option('--ttl <DURATION>', `${help} (default: the namespace's)`).argParser((text) =>
    durationOf(parseDurationMs(text, '--ttl', range)),
  );
}

/** Makes `--stale-window`. */
export function staleWindowOption(): Option {
  const range = { min: 0, max: limits.staleWindowMsMax };
  const help = "how long after that it may be served stale, 0s to 30d (default: the namespace's)";
  return new Option('--stale-window <DURATION>', help).argParser((text) =>
    durationOf(parseDurationMs(text, '--stale-window', range)),
  );
}
