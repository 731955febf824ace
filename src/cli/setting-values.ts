import { durationOf } from '../api/durations.ts';
import { formatDurationMs } from '../config/durations.ts';
import type { NamespaceKey, WordKey } from '../config/namespace-keys.ts';
import { formatSizeBytes } from '../config/sizes.ts';
import { type NamespaceSettings, ReadFallback, WriteFallback } from '../gen/reprise/v1/namespace.ts';
import { enumName } from './enum-name.ts';
import { spanMs } from './lifetime.ts';

/** A setting's value as the configuration file's table has it: an amount in its unit, or a word. */
export type SettingValue = number | string;

const enums: Partial<Readonly<Record<NamespaceKey['field'], Readonly<Record<string, number>>>>> = {
  readFallback: ReadFallback,
  writeFallback: WriteFallback,
};

/** Returns the part of a message that gives a setting a value. */
export function settingMessage(key: NamespaceKey, value: SettingValue): Partial<NamespaceSettings> {
  return { [fieldOf(key)]: messageValue(key, value) };
}

/** Returns a setting's value in a message. */
export function settingValue(key: NamespaceKey, settings: NamespaceSettings): SettingValue {
  const value = settings[fieldOf(key)];
  if (key.kind === 'word') return enumName(enumOf(key), Number(value)).toLowerCase();
  return typeof value === 'object' ? spanMs(value) : Number(value ?? 0);
}

/** Returns a value as it is written in the configuration file. */
export function settingText({ kind }: NamespaceKey, value: SettingValue): string {
  if (kind === 'duration') return formatDurationMs(Number(value));
  return kind === 'size' ? formatSizeBytes(Number(value)) : String(value);
}

// Messages say durations as Durations, without the unit in the name.
function fieldOf({ field }: NamespaceKey): keyof NamespaceSettings {
  return field.replace(/Ms$/, '') as keyof NamespaceSettings;
}

function messageValue(key: NamespaceKey, value: SettingValue): NamespaceSettings[keyof NamespaceSettings] {
  if (key.kind === 'word') return enumOf(key)[String(value).toUpperCase()]!;
  if (key.kind === 'duration') return durationOf(Number(value));
  return key.field === 'capacityBytes' ? BigInt(value) : Number(value);
}

function enumOf({ field }: WordKey): Readonly<Record<string, number>> {
  const values = enums[field];
  if (values === undefined) throw new Error(`${field} has no words in the contract`);
  return values;
}
