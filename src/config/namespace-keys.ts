import { defaultFallbacks, readFallbacks, writeFallbacks } from '../base/fallbacks.ts';
import { defaults, limits } from '../base/limits.ts';
import type { NamespaceOverrides } from './config.ts';
import { ConfigError } from './config-error.ts';
import { parseDurationMs, type Range } from './durations.ts';
import { parseWord } from './flag-values.ts';
import { capacityBytesRange } from './flags.ts';
import { parseSizeBytes } from './sizes.ts';

/** One setting of a namespace in the file. */
export type NamespaceKey = NumberKey | WordKey;

interface NamedKey {
  /** The key in the file. */
  readonly name: string;
  /** The field it sets. */
  readonly field: keyof NamespaceOverrides;
  /** One line. */
  readonly help: string;
}

/** A setting that is an amount. */
export interface NumberKey extends NamedKey {
  readonly kind: 'duration' | 'size' | 'ratio';
  /** Inclusive; milliseconds, bytes, or a plain number. */
  readonly range: Range;
  /** What applies where nothing is said; in the unit of `range`. */
  readonly default: number;
}

/** A setting that is one of some words. */
export interface WordKey extends NamedKey {
  readonly kind: 'word';
  readonly words: readonly string[];
  /** What applies where nothing is said. */
  readonly default: string;
}

/** The settings that a namespace can have in the file. Its schema and the documentation are made from this table. */
export const namespaceKeys: readonly NamespaceKey[] = [
  {
    name: 'defaultTtl',
    field: 'defaultTtlMs',
    kind: 'duration',
    range: { min: 1, max: limits.ttlMsMax },
    default: defaults.ttlMs,
    help: 'TTL of a Set that names none.',
  },
  {
    name: 'maxTtl',
    field: 'maxTtlMs',
    kind: 'duration',
    range: { min: 1, max: limits.ttlMsMax },
    default: limits.ttlMsMax,
    help: 'Longest TTL that a Set may ask for.',
  },
  {
    name: 'negativeTtl',
    field: 'negativeTtlMs',
    kind: 'duration',
    range: { min: 1, max: limits.negativeTtlMsMax },
    default: defaults.negativeTtlMs,
    help: 'TTL of a negative entry that names none, and the longest it may have.',
  },
  {
    name: 'defaultStaleWindow',
    field: 'defaultStaleWindowMs',
    kind: 'duration',
    range: { min: 0, max: limits.staleWindowMsMax },
    default: defaults.staleWindowMs,
    help: 'Stale window of a Set that names none.',
  },
  {
    name: 'ttlJitterRatio',
    field: 'ttlJitterRatio',
    kind: 'ratio',
    range: { min: 0, max: limits.ttlJitterRatioMax },
    default: defaults.ttlJitterRatio,
    help: 'Each TTL is shortened by a random share of at most this, so that what is set together expires apart.',
  },
  {
    name: 'valueBytesMax',
    field: 'valueBytesMax',
    kind: 'size',
    range: { min: 1, max: limits.valueBytesMax },
    default: limits.valueBytesMax,
    help: 'Largest value.',
  },
  {
    name: 'capacity',
    field: 'capacityBytes',
    kind: 'size',
    range: capacityBytesRange,
    default: defaults.namespaceCapacityBytes,
    help: 'Memory that the entries may take, keys and overhead included. Beyond it the namespace evicts its own.',
  },
  {
    name: 'readFallback',
    field: 'readFallback',
    kind: 'word',
    words: readFallbacks,
    default: defaultFallbacks.read,
    help: "What reads without a token get while a fleet's Redis is away: an error, a miss, or what the node still holds.",
  },
  {
    name: 'writeFallback',
    field: 'writeFallback',
    kind: 'word',
    words: writeFallbacks,
    default: defaultFallbacks.write,
    help: 'What a plain Set does meanwhile: it is refused, or kept by this node alone for a short time.',
  },
  {
    name: 'localTtl',
    field: 'localTtlMs',
    kind: 'duration',
    range: { min: 1, max: limits.localTtlMsMax },
    default: defaults.localTtlMs,
    help: 'Longest TTL of what is kept so.',
  },
];

/** Reads one setting: an amount in the unit of its range, or a word. `where` names the place for the error, a ConfigError. */
export function readNamespaceKey(key: NamespaceKey, value: string | number, where: string): number | string {
  switch (key.kind) {
    case 'duration':
      return parseDurationMs(String(value), where, key.range);
    case 'size':
      return parseSizeBytes(String(value), where, key.range);
    case 'ratio':
      return checkRatio(Number(value), where, key.range);
    case 'word':
      return parseWord(String(value), where, key.words);
  }
}

function checkRatio(ratio: number, where: string, { min, max }: Range): number {
  if (ratio >= min && ratio <= max) return ratio;
  throw new ConfigError(`${where}: expected a number from ${min} to ${max}, found ${ratio}`);
}
