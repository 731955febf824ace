import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until, within } from './until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SHELL_WORDS = /'([^']*)'|"([^"]*)"|(\S+)/g;

/** How a run of the command line ended, and what it wrote. */
export interface CliEnd {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** Standard output as text. */
  readonly text: string;
  readonly stderr: string;
}

/** A run of the command line that has not ended. */
export interface CliProcess extends AsyncDisposable {
  /** Lines of standard output so far. */
  lines(): string[];
  /** Waits until a line of standard output matches; returns it. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliEnd>;
}

/** What a run is given beside its arguments. */
export interface CliOptions {
  /** Such as `127.0.0.1:40001`, for REPRISE_SERVER. */
  readonly server?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. Default: none. */
  readonly input?: string | Buffer;
}

/** Starts `reprise` with arguments; `await using` kills it. */
export function startCli(args: readonly string[], { server, env = {}, input }: CliOptions = {}): CliProcess {
  const own = { PATH: process.env['PATH'], ...(server !== undefined && { REPRISE_SERVER: server }), ...env };
  const child = spawn(process.execPath, [MAIN, ...args], { env: own, stdio: ['pipe', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
  const end = async (): Promise<CliEnd> => {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: Buffer.concat(stdout), text: text(stdout), stderr: text(stderr) };
  };
  const ended = end();
  const lines = (): string[] => text(stdout).split('\n').slice(0, -1);
  return {
    lines,
    line: async (pattern) => {
      const found = (): string | undefined => lines().find((line) => pattern.test(line));
      await until(() => found() !== undefined, {
        what: `${pattern} of reprise ${args[0]}, which wrote ${text(stderr)}`,
      });
      return found()!;
    },
    kill: (signal) => void child.kill(signal),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs `reprise` to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  return within(startCli(args, options).ended, { what: `the end of reprise ${args.join(' ')}` });
}

/** Returns the words of a command line, as a shell splits it in simple cases. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(SHELL_WORDS)].map(([, single, double, plain]) => single ?? double ?? plain!);
}

/** Returns the JSON objects that a command printed, one a line. */
export function jsonLines({ text }: Pick<CliEnd, 'text'>): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
