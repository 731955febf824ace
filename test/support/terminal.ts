import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from './until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A run of the command line on a terminal. */
export interface TerminalRun extends AsyncDisposable {
  /** All that the terminal shows, control sequences included. */
  text(): string;
  /** Types something; `\r` is the Enter key. */
  type(keys: string): void;
  /** The exit code. */
  readonly code: Promise<number>;
}

/** Runs `reprise` on a terminal that script(1) makes; `await using` ends it. */
export function inTerminal(
  args: readonly string[],
  { server, env = {} }: { readonly server: string; readonly env?: Readonly<Record<string, string>> },
): TerminalRun {
  const line = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const own = { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh', REPRISE_SERVER: server, ...env };
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env: own, stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return {
    text: () => shown,
    type: (keys) => void child.stdin.write(keys),
    code: within(ended, { what: `the end of ${line}, which showed ${shown}` }),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
