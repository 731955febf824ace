import { Command } from 'commander';
import { addServeOptions, givenOptions } from '../config/serve-options.ts';
import { version } from '../server/version.ts';
import { serve } from './serve.ts';

/** Exit code for a command line that makes no sense. */
const USAGE_REFUSED = 2;

/** Reads the command line of this process and does what it says. */
export async function runCommandLine(): Promise<void> {
  const program = new Command('reprise').description('A gRPC cache service.').version(version);
  const serveCommand = addServeOptions(program.command('serve', { isDefault: true }))
    .description('Serves the cache over gRPC.')
    .action(() => serve(givenOptions(serveCommand)));
  program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_REFUSED));
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync();
}
