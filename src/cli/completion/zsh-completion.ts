import type { CommandWords, OptionWords } from './completion-words.ts';

/** Returns the completion script for zsh. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  return `#compdef reprise
# zsh completion for reprise: source <(reprise completion zsh)
${commands.map(functionOf).join('\n')}
compdef _reprise reprise
`;
}

function functionOf(words: CommandWords, _index: number, all: readonly CommandWords[]): string {
  const name = nameOf(words.path);
  const specs = words.options.map(optionSpec).map((spec) => `    ${spec} \\`);
  if (words.below.length === 0) {
    const argument = words.words.length === 0 ? `'*: :'` : `'*: :(${words.words.join(' ')})'`;
    return `${name}() {\n  _arguments -s \\\n${specs.join('\n')}\n    ${argument}\n}`;
  }
  const below = words.below.map((sub) => {
    const help = all.find(({ path }) => path.join(' ') === [...words.path, sub].join(' '))?.help ?? '';
    return `    ${quoted(`${sub}:${escapedColons(help)}`)}`;
  });
  return `${name}() {
  local -a commands=(
${below.join('\n')}
  )
  _arguments -C \\
${specs.join('\n')}
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest) (( $+functions[${name}_$words[1]] )) && ${name}_$words[1] ;;
  esac
}`;
}

function optionSpec({ flags, help, value }: OptionWords): string {
  const names = flags.length === 1 ? flags[0]! : `{${flags.join(',')}}`;
  const text = `[${help.replaceAll(/[[\]]/g, '')}]`;
  const argument = value === 'none' ? '' : `:value:${valueSpec(value)}`;
  return flags.length === 1 ? quoted(`*${names}${text}${argument}`) : `'*'${names}${quoted(text + argument)}`;
}

function valueSpec(value: Exclude<OptionWords['value'], 'none'>): string {
  if (value === 'file') return '_files';
  return value === 'text' ? '' : `(${value.join(' ')})`;
}

function nameOf(path: readonly string[]): string {
  return ['_reprise', ...path].join('_');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function escapedColons(text: string): string {
  return text.replaceAll(':', '\\:');
}
