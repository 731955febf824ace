import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { exitCodes } from './exit-codes.ts';
import { endOnBrokenPipe } from './output.ts';
import { makeProgram } from './program.ts';

/** Reads the command line of this process and does what it says. Whatever fails is told in words, never as a stack. */
export async function runCommandLine(): Promise<void> {
  endOnBrokenPipe();
  const words = process.argv.slice(2);
  const program = await makeProgram(words);
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync();
  } catch (error) {
    process.exitCode = tell(error);
  }
}

// Returns the exit code.
function tell(error: unknown): number {
  // Commander has said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done.code : exitCodes.usage.code;
  const usage = error instanceof ConfigError;
  process.stderr.write(`reprise: ${error instanceof Error ? error.message : String(error)}\n`);
  return usage ? exitCodes.usage.code : exitCodes.failed.code;
}
