import { defaultFallbacks, readFallbacks, writeFallbacks } from '../base/fallbacks.ts';
import { defaults, limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { NamespaceSettings } from './namespace.ts';

/** What applies where a namespace says nothing. */
export const defaultSettings: NamespaceSettings = {
  defaultTtlMs: defaults.ttlMs,
  maxTtlMs: limits.ttlMsMax,
  negativeTtlMs: defaults.negativeTtlMs,
  defaultStaleWindowMs: defaults.staleWindowMs,
  ttlJitterRatio: defaults.ttlJitterRatio,
  valueBytesMax: limits.valueBytesMax,
  capacityBytes: defaults.namespaceCapacityBytes,
  readFallback: defaultFallbacks.read,
  writeFallback: defaultFallbacks.write,
  localTtlMs: defaults.localTtlMs,
};

/** The settings that are numbers, and those that are one of some words. */
type NumberSetting = {
  [K in keyof NamespaceSettings]: NamespaceSettings[K] extends number ? K : never;
}[keyof NamespaceSettings];
type WordSetting = Exclude<keyof NamespaceSettings, NumberSetting>;

const ranges: Record<NumberSetting, readonly [min: number, max: number]> = {
  defaultTtlMs: [1, limits.ttlMsMax],
  maxTtlMs: [1, limits.ttlMsMax],
  negativeTtlMs: [1, limits.negativeTtlMsMax],
  defaultStaleWindowMs: [0, limits.staleWindowMsMax],
  ttlJitterRatio: [0, limits.ttlJitterRatioMax],
  valueBytesMax: [1, limits.valueBytesMax],
  capacityBytes: [limits.capacityBytesMin, Number.MAX_SAFE_INTEGER],
  localTtlMs: [1, limits.localTtlMsMax],
};

const choices: { readonly [K in WordSetting]: readonly NamespaceSettings[K][] } = {
  readFallback: readFallbacks,
  writeFallback: writeFallbacks,
};

/**
 * Returns settings with changes laid over them.
 *
 * @throws OperatingError SETTING_OUT_OF_RANGE, naming the setting and its range
 */
export function changedSettings(base: NamespaceSettings, changes: Partial<NamespaceSettings>): NamespaceSettings {
  const settings = { ...base, ...changes };
  for (const name of Object.keys(ranges) as NumberSetting[]) checkRange(name, settings[name]);
  for (const name of Object.keys(choices) as WordSetting[]) checkChoice(name, settings[name]);
  if (settings.defaultTtlMs > settings.maxTtlMs) {
    throw outOfRange('defaultTtlMs', `must not be longer than maxTtlMs, which is ${settings.maxTtlMs}`);
  }
  return settings;
}

function checkRange(name: NumberSetting, value: number): void {
  const [min, max] = ranges[name];
  const whole = name === 'ttlJitterRatio' || Number.isSafeInteger(value);
  if (!whole || !(value >= min && value <= max)) throw outOfRange(name, `must be from ${min} to ${max}`);
}

function checkChoice(name: WordSetting, value: string): void {
  const words: readonly string[] = choices[name];
  if (!words.includes(value)) throw outOfRange(name, `must be one of ${words.join(', ')}`);
}

function outOfRange(name: keyof NamespaceSettings, rule: string): OperatingError {
  return new OperatingError('SETTING_OUT_OF_RANGE', `The setting ${name} ${rule}.`, {
    metadata: { field: name },
    field: `settings.${snakeCase(name.replace(/Ms$/, ''))}`,
  });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
