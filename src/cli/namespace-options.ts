import { type Command, Option } from 'commander';
import { durationOf } from '../api/durations.ts';
import { formatDurationMs } from '../config/durations.ts';
import { type NamespaceKey, namespaceKeys, readNamespaceKey } from '../config/namespace-keys.ts';
import { formatSizeBytes } from '../config/sizes.ts';
import { NamespaceSettings } from '../gen/reprise/v1/namespace.ts';
import { spanMs } from './lifetime.ts';

/** Adds one option for each setting of a namespace, named as in the configuration file. */
export function addSettingOptions(command: Command, { withDefaults }: { readonly withDefaults: boolean }): Command {
  for (const key of namespaceKeys) {
    const flag = flagOf(key);
    const allowed = `${unitText(key, key.range.min)} to ${unitText(key, key.range.max)}`;
    const bounds = withDefaults ? `${allowed}, default ${unitText(key, key.default)}` : allowed;
    const option = new Option(`${flag} <${key.kind.toUpperCase()}>`, `${key.help} (${bounds})`);
    command.addOption(option.argParser((text) => readNamespaceKey(key, text, flag)).helpGroup('Settings:'));
  }
  return command;
}

/** Returns the settings that a command line names; what it does not name is absent. */
export function givenSettings(command: Command): NamespaceSettings {
  const given = NamespaceSettings.decode(Buffer.alloc(0));
  for (const key of namespaceKeys) {
    const option = command.options.find(({ long }) => long === flagOf(key));
    const value: unknown = option && command.getOptionValue(option.attributeName());
    if (typeof value === 'number')
      Object.assign(given, { [fieldOf(key)]: key.kind === 'duration' ? durationOf(value) : messageNumber(key, value) });
  }
  return given;
}

/** Returns settings by their names in the configuration file, as they are written there. */
export function settingTexts(settings: NamespaceSettings): Record<string, string> {
  return Object.fromEntries(namespaceKeys.map((key) => [key.name, unitText(key, amountOf(key, settings))]));
}

/** Returns settings by the names of their fields, whose ends tell the unit. */
export function settingsJson(settings: NamespaceSettings): Record<string, number> {
  return Object.fromEntries(namespaceKeys.map((key) => [key.field, amountOf(key, settings)]));
}

function flagOf({ name }: NamespaceKey): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

// Messages say durations as Durations, without the unit in the name.
function fieldOf({ field }: NamespaceKey): keyof NamespaceSettings {
  return field.replace(/Ms$/, '') as keyof NamespaceSettings;
}

function messageNumber({ field }: NamespaceKey, value: number): number | bigint {
  return field === 'capacityBytes' ? BigInt(value) : value;
}

function amountOf(key: NamespaceKey, settings: NamespaceSettings): number {
  const amount = settings[fieldOf(key)];
  return typeof amount === 'object' ? spanMs(amount) : Number(amount ?? 0);
}

function unitText({ kind }: NamespaceKey, amount: number): string {
  if (kind === 'duration') return formatDurationMs(amount);
  return kind === 'size' ? formatSizeBytes(amount) : String(amount);
}
