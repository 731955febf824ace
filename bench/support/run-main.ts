import { TraceFileError } from '../traces/trace-file.ts';
import { ArgumentError } from './arguments.ts';

/** Runs a program's body with a signal that Ctrl-C aborts; failures are told in one line and end with status 1. */
export async function runMain(body: (args: readonly string[], signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('interrupted')));
  try {
    await body(process.argv.slice(2), controller.signal);
  } catch (error) {
    console.error(isUsersMistake(error) ? error.message : error);
    process.exitCode = 1;
  }
}

function isUsersMistake(error: unknown): error is Error {
  return error instanceof ArgumentError || error instanceof TraceFileError;
}
