import type { CommandWords, OptionWords } from './completion-words.ts';

/** Returns the completion script for fish. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((words) => linesOf(words, commands));
  return `# fish completion for reprise: reprise completion fish | source
complete -c reprise -f
${lines.join('\n')}
`;
}

function linesOf(words: CommandWords, all: readonly CommandWords[]): string[] {
  const { path, below, options } = words;
  const here = conditionOf(words);
  const helpOf = (sub: string): string =>
    all.find((one) => one.path.join(' ') === [...path, sub].join(' '))?.help ?? '';
  return [
    ...below.map((sub) => `complete -c reprise -n ${quoted(here)} -a ${sub} -d ${quoted(helpOf(sub))}`),
    ...words.words.map((word) => `complete -c reprise -n ${quoted(here)} -a ${word}`),
    ...options.map((option) => `complete -c reprise -n ${quoted(here)} ${optionArguments(option)}`),
  ];
}

function conditionOf({ path, below }: CommandWords): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const notBelow = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  return [...seen, ...notBelow].join('; and ');
}

function optionArguments({ flags, help, value }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, `-d ${quoted(help)}`, ...valueArguments(value)].join(' ');
}

function valueArguments(value: OptionWords['value']): string[] {
  if (value === 'none') return [];
  if (value === 'file') return ['-r -F'];
  return value === 'text' ? ['-x'] : [`-x -a ${quoted(value.join(' '))}`];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
