import { ConfigError } from './config-error.ts';
import type { Range } from './durations.ts';

const UNITS = [
  ['TiB', 1024 ** 4],
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
] as const;
const UNIT_BYTES: ReadonlyMap<string, number> = new Map(UNITS);
const FORM = /^(\d+(?:\.\d+)?)(TiB|GiB|MiB|KiB|B)?$/;

/** Reads a size such as `64MiB`, `1.5GiB` or `4096` as bytes. `where` names the place for the error, a ConfigError. */
export function parseSizeBytes(text: string, where: string, range: Range): number {
  const match = FORM.exec(text);
  const bytes = Number(match?.[1]) * UNIT_BYTES.get(match?.[2] ?? 'B')!;
  if (!Number.isSafeInteger(bytes)) {
    throw new ConfigError(`${where}: expected whole bytes or a size such as 512KiB, 64MiB or 1GiB, found "${text}"`);
  }
  if (bytes < range.min || bytes > range.max) {
    throw new ConfigError(
      `${where}: expected ${formatSizeBytes(range.min)} to ${formatSizeBytes(range.max)}, found ${text}`,
    );
  }
  return bytes;
}

/** Writes bytes in the largest unit that divides them, such as `64MiB`. */
export function formatSizeBytes(bytes: number): string {
  if (bytes === 0) return '0B';
  const [unit, unitBytes] = UNITS.find(([, size]) => bytes % size === 0) ?? ['B', 1];
  return `${bytes / unitBytes}${unit}`;
}
