import type { Command, Option } from 'commander';

/** One option as a shell completes it. */
export interface OptionWords {
  /** Such as `--json` and `-n`. */
  readonly flags: readonly string[];
  readonly help: string;
  /** What follows it: nothing, one of some words, a file, or anything else. */
  readonly value: 'none' | 'file' | 'text' | readonly string[];
}

/** One command as a shell completes it. */
export interface CommandWords {
  /** From below the program on: `['namespaces', 'create']`; empty for the program itself. */
  readonly path: readonly string[];
  readonly help: string;
  readonly options: readonly OptionWords[];
  /** Names of the commands below it. */
  readonly below: readonly string[];
  /** What its arguments may be, where they are some words. */
  readonly words: readonly string[];
}

/** Returns what there is to complete: the program, and all commands below it. */
export function completionWords(program: Command): CommandWords[] {
  return wordsOf(program, []);
}

function wordsOf(command: Command, path: readonly string[]): CommandWords[] {
  const words: CommandWords = {
    path,
    help: firstSentence(command.summary() || command.description()),
    options: command.createHelp().visibleOptions(command).map(optionWords),
    below: command.commands.map((sub) => sub.name()),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [words, ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()]))];
}

function optionWords(option: Option): OptionWords {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  return { flags, help: firstSentence(option.description), value: valueWords(option) };
}

function valueWords({ required, argChoices, flags }: Option): OptionWords['value'] {
  if (!required) return 'none';
  if (argChoices !== undefined) return argChoices;
  return /<(FILE|DIR)>/.test(flags) ? 'file' : 'text';
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.) |; | \(/)[0]!;
}
