import { type Command, Option } from 'commander';
import { CallError } from './call-error.ts';
import { type Connection, connect } from './connection.ts';
import { type ConnectionSettings, connectionFlags, connectionSettings } from './connection-flags.ts';
import { type ExitName, exitCodes } from './exit-codes.ts';
import { type Output, processOutput } from './output.ts';
import { callErrorText, exitOfCallError } from './tell-error.ts';

/** What a command that calls a server works with. */
export interface ClientContext {
  readonly connection: Connection;
  readonly settings: ConnectionSettings;
  /** The namespace asked for. */
  readonly namespace: string;
  readonly output: Output;
}

/** What a command leaves out of the common settings. */
export interface ClientCommandForm {
  /** The namespace is no matter of this command, or an argument. */
  readonly withoutNamespace?: boolean;
}

/**
 * Gives a command its action and the options of the connection: it connects as asked for, acts, closes the connection,
 * and sets the exit code. To be called after the command's own options, which stand first in its help.
 */
export function onCall(
  command: Command,
  act: (context: ClientContext) => Promise<ExitName>,
  form: ClientCommandForm = {},
): Command {
  addConnectionOptions(command, form);
  return command.action(async () => {
    const settings = connectionSettings(givenFlags(command), process.env);
    const connection = connect(settings);
    const output = processOutput();
    try {
      const exit = await act({ connection, settings, namespace: settings.namespace, output });
      process.exitCode = exitCodes[exit].code;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      output.notice(callErrorText(fullName(command), error));
      process.exitCode = exitCodes[exitOfCallError(error)].code;
    } finally {
      connection.close();
    }
  });
}

/** For an option that may be given several times: returns all its values. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

// Such as `namespaces create`.
function fullName(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${fullName(above)} ${command.name()}` : command.name();
}

function givenFlags(command: Command): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const { name } of connectionFlags) {
    const option = command.options.find((known) => known.name() === name);
    const value: unknown = option === undefined ? undefined : command.getOptionValue(option.attributeName());
    if (value !== undefined) given.set(name, String(value));
  }
  return given;
}

function addConnectionOptions(command: Command, { withoutNamespace = false }: ClientCommandForm): void {
  for (const { name, short, valueName, help, env, defaultText } of connectionFlags) {
    if (withoutNamespace && name === 'namespace') continue;
    const flags = short === undefined ? `--${name}` : `-${short}, --${name}`;
    const syntax = valueName === undefined ? flags : `${flags} <${valueName}>`;
    command.addOption(new Option(syntax, `${help} (${env}, default ${defaultText})`).helpGroup('Connection:'));
  }
}
