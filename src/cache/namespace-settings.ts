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
};

const ranges: Record<keyof NamespaceSettings, readonly [min: number, max: number]> = {
  defaultTtlMs: [1, limits.ttlMsMax],
  maxTtlMs: [1, limits.ttlMsMax],
  negativeTtlMs: [1, limits.negativeTtlMsMax],
  defaultStaleWindowMs: [0, limits.staleWindowMsMax],
  ttlJitterRatio: [0, limits.ttlJitterRatioMax],
  valueBytesMax: [1, limits.valueBytesMax],
  capacityBytes: [limits.capacityBytesMin, Number.MAX_SAFE_INTEGER],
};

/**
 * Returns settings with changes laid over them.
 *
 * @throws OperatingError SETTING_OUT_OF_RANGE, naming the setting and its range
 */
export function changedSettings(base: NamespaceSettings, changes: Partial<NamespaceSettings>): NamespaceSettings {
  const settings = { ...base, ...changes };
  for (const name of Object.keys(ranges) as (keyof NamespaceSettings)[]) checkRange(name, settings[name]);
  if (settings.defaultTtlMs > settings.maxTtlMs) {
    throw outOfRange('defaultTtlMs', `must not be longer than maxTtlMs, which is ${settings.maxTtlMs}`);
  }
  return settings;
}

function checkRange(name: keyof NamespaceSettings, value: number): void {
  const [min, max] = ranges[name];
  const whole = name === 'ttlJitterRatio' || Number.isSafeInteger(value);
  if (!whole || !(value >= min && value <= max)) throw outOfRange(name, `must be from ${min} to ${max}`);
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
