import { Command } from 'commander';
import { version } from '../server/version.ts';
import { type CommandEntry, commandEntries, SHELL } from './commands.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Makes the program with the commands that some words name; the others have a name and a summary only. Without words
 * all are complete.
 */
export async function makeProgram(words?: readonly string[]): Promise<Command> {
  const program = new Command('reprise')
    .description('A cache that programs use over gRPC, and this command line for people and scripts.')
    .usage('COMMAND [OPTIONS]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .addHelpCommand(
      new Command('help').argument('[COMMAND]').description('Print the help of a command').helpGroup(SHELL),
    )
    .configureHelp({ subcommandTerm: termOf })
    .showHelpAfterError('For help: reprise --help')
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'reprise: ')) })
    .exitOverride()
    .addHelpText('after', lesson());
  for (const entry of commandEntries) {
    const asked = words === undefined || words.includes(entry.name);
    program.addCommand(
      (asked ? await entry.load(() => makeProgram()) : new Command(entry.name)).summary(entry.summary),
    );
  }
  for (const command of program.commands) settle(command, program, groupOf(command.name()));
  return program;
}

// Settings that commander hands down only to commands made by `program.command()`.
function settle(command: Command, from: Command, group: string | undefined): void {
  command.copyInheritedSettings(from);
  command.helpOption('-h, --help', 'print this help').helpCommand(false);
  command.showHelpAfterError(`For help: ${fullName(command)} --help`);
  if (group !== undefined) command.helpGroup(group);
  for (const sub of command.commands) settle(sub, command, undefined);
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

// Commander's own says `[options]` of every command.
function termOf(command: Command): string {
  const inProgram = !command.parent?.parent;
  const operands = inProgram ? [] : command.registeredArguments.map((argument) => `<${argument.name()}>`);
  return [command.name(), ...operands].join(' ');
}

function groupOf(name: string): CommandEntry['group'] | undefined {
  return commandEntries.find((entry) => entry.name === name)?.group;
}

function lesson(): string {
  const codes = Object.values(exitCodes).map(({ code, help }) => `  ${code}  ${help}`);
  return `
A first session:
  reprise serve &                                        # or in another terminal
  reprise set track:63 'Karma Police' --ttl 10m --tag artist:7
  reprise get track:63
  reprise invalidate --tag artist:7                      # the source has changed
  reprise get track:63                                   # miss: INVALIDATED

Exit codes:
${codes.join('\n')}

Every command explains itself: reprise COMMAND --help. All of them: docs/cli.md.
`;
}
