import type { CommandWords, OptionWords } from './completion-words.ts';

/** Returns the completion script for bash. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  return `# bash completion for reprise: source <(reprise completion bash)
_reprise() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(pathCase)
  .join('\n')}
    esac
  done
  case "$path $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${commands.map(wordCase).join('\n')}
  esac
}
complete -o bashdefault -o default -F _reprise reprise
`;
}

function pathCase({ path }: CommandWords): string {
  const above = path.slice(0, -1).map((name) => ` ${name}`);
  return `      "${above.join('')} ${path.at(-1)}") path="$path \${COMP_WORDS[i]}" ;;`;
}

function valueCases({ path, options }: CommandWords): string[] {
  const at = path.map((name) => ` ${name}`).join('');
  return options.flatMap((option) =>
    option.value === 'none'
      ? []
      : [`    ${option.flags.map((flag) => `"${at} ${flag}"`).join(' | ')}) ${answer(option.value)}; return ;;`],
  );
}

// Without an answer bash's own completion goes on, which is that of files.
function answer(value: OptionWords['value']): string {
  if (value === 'file') return 'COMPREPLY=()';
  return value === 'text' || value === 'none' ? 'compopt +o default +o bashdefault' : compgen(value);
}

function wordCase({ path, options, below, words }: CommandWords): string {
  const at = path.map((name) => ` ${name}`).join('');
  const flags = options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')));
  const names = [...below, ...words];
  const plain = names.length === 0 ? 'compopt +o default +o bashdefault' : compgen(names);
  return `    "${at}") if [[ $word == -* ]]; then ${compgen(flags)}; else ${plain}; fi ;;`;
}

function compgen(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`;
}
