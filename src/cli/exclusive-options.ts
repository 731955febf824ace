import type { Command, Option } from 'commander';

/** Adds options of which at most one may be given. */
export function addExclusive(command: Command, ...options: readonly Option[]): Command {
  const names = options.map((option) => option.attributeName());
  for (const option of options) {
    command.addOption(option.conflicts(names.filter((name) => name !== option.attributeName())));
  }
  return command;
}
