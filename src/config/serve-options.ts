import { type Command, Option } from 'commander';
import { flags } from './flags.ts';

/** Gives the command one option a flag. Defaults stand in the help only, so that environment and file are heard. */
export function addServeOptions(command: Command): Command {
  for (const flag of flags) {
    const syntax = flag.valueName === undefined ? `--${flag.name}` : `--${flag.name} <${flag.valueName}>`;
    command.addOption(new Option(syntax, `${flag.help} (${flag.env}, default ${flag.defaultText})`));
  }
  return command;
}

/** Returns what the command line gave, by the flag's name, for `resolveConfig`. */
export function givenOptions(command: Command): ReadonlyMap<string, string | true> {
  const given = new Map<string, string | true>();
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (typeof value === 'string' || value === true) given.set(option.name(), value);
  }
  return given;
}
