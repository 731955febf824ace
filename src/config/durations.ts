import { ConfigError } from './config-error.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;
const UNIT_MS: ReadonlyMap<string, number> = new Map(UNITS);
const FORM = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** The inclusive bounds of a quantity. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads a duration such as `250ms`, `1.5s` or `1h30m` as whole milliseconds. `where` names the place for the error, a
 * ConfigError.
 */
export function parseDurationMs(text: string, where: string, range: Range): number {
  const ms = FORM.test(text) ? sumOfParts(text) : Number.NaN;
  if (!Number.isSafeInteger(ms)) {
    throw new ConfigError(
      `${where}: expected a duration in whole milliseconds such as 250ms, 30s, 1h or 7d, found "${text}"`,
    );
  }
  if (ms < range.min || ms > range.max) {
    throw new ConfigError(
      `${where}: expected ${formatDurationMs(range.min)} to ${formatDurationMs(range.max)}, found ${text}`,
    );
  }
  return ms;
}

/** Writes milliseconds in the largest unit that divides them, such as `90s` or `7d`. */
export function formatDurationMs(ms: number): string {
  if (ms === 0) return '0s';
  const [unit, unitMs] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / unitMs}${unit}`;
}

function sumOfParts(text: string): number {
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * UNIT_MS.get(unit!)!;
  // Decimal fractions such as 1.001 s are not exact in binary: what is within a millionth of a whole one is meant so.
  return Math.abs(ms - Math.round(ms)) < 1e-6 ? Math.round(ms) : ms;
}
