import { type Command, Option } from 'commander';
import { type NamespaceKey, namespaceKeys, readNamespaceKey } from '../config/namespace-keys.ts';
import { NamespaceSettings } from '../gen/reprise/v1/namespace.ts';
import { type SettingValue, settingMessage, settingText, settingValue } from './setting-values.ts';

/** Adds one option for each setting of a namespace, named as in the configuration file. */
export function addSettingOptions(command: Command, { withDefaults }: { readonly withDefaults: boolean }): Command {
  for (const key of namespaceKeys) {
    const flag = flagOf(key);
    const bounds = [allowed(key), withDefaults ? `default ${settingText(key, key.default)}` : undefined];
    const known = bounds.filter((bound) => bound !== undefined).join(', ');
    const option = new Option(
      `${flag} <${key.kind.toUpperCase()}>`,
      known === '' ? key.help : `${key.help} (${known})`,
    );
    if (key.kind === 'word') option.choices(key.words);
    command.addOption(option.argParser((text) => readNamespaceKey(key, text, flag)).helpGroup('Settings:'));
  }
  return command;
}

/** Returns the settings that a command line names; what it does not name is absent. */
export function givenSettings(command: Command): NamespaceSettings {
  const given = NamespaceSettings.decode(Buffer.alloc(0));
  for (const key of namespaceKeys) {
    const option = command.options.find(({ long }) => long === flagOf(key));
    const value: SettingValue | undefined = option && command.getOptionValue(option.attributeName());
    if (value !== undefined) Object.assign(given, settingMessage(key, value));
  }
  return given;
}

/** Returns settings by their names in the configuration file, as they are written there. */
export function settingTexts(settings: NamespaceSettings): Record<string, string> {
  return Object.fromEntries(namespaceKeys.map((key) => [key.name, settingText(key, settingValue(key, settings))]));
}

/** Returns settings by the names of their fields, whose ends tell the unit. */
export function settingsJson(settings: NamespaceSettings): Record<string, SettingValue> {
  return Object.fromEntries(namespaceKeys.map((key) => [key.field, settingValue(key, settings)]));
}

// The words of a choice are listed by the help itself.
function allowed(key: NamespaceKey): string | undefined {
  if (key.kind === 'word') return undefined;
  return `${settingText(key, key.range.min)} to ${settingText(key, key.range.max)}`;
}

function flagOf({ name }: NamespaceKey): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
