import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bash-completion.ts';
import { type CommandWords, completionWords } from '../completion/completion-words.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import { teach } from '../teach.ts';

const shells: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Makes `reprise completion`. `wholeProgram` returns the program with all options of all commands. */
export function completionCommand(wholeProgram: () => Promise<Command>): Command {
  const command = new Command('completion')
    .description('Prints a script that makes your shell complete commands and options of reprise.')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(Object.keys(shells)))
    .action(async (shell: string) => {
      process.stdout.write(shells[shell]!(completionWords(await wholeProgram())));
    });
  return teach(command, {
    examples: [
      ['bash, this session', 'source <(reprise completion bash)'],
      ['bash, every session', "echo 'source <(reprise completion bash)' >> ~/.bashrc"],
      ['zsh, every session', "echo 'source <(reprise completion zsh)' >> ~/.zshrc"],
      ['fish, every session', 'reprise completion fish > ~/.config/fish/completions/reprise.fish'],
    ],
  });
}
