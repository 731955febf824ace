import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process of the fleet. */
export interface Member {
  readonly name: string;
  readonly pid: number;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** What to start. */
export interface MemberOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Hears of every line that it writes. */
  readonly onLine: (line: string) => void;
}

/**
 * Starts a process in a group of its own: Ctrl-C reaches only us, so that nodes end in order, before their Redis. Rejects
 * if there is no such command.
 */
export async function startMember({ name, command, args, onLine }: MemberOptions): Promise<Member> {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = endOf(child);
  // What can't be started is told below.
  ended.catch(() => undefined);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
  await once(child, 'spawn');
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  // Whatever ends this process, nothing of it stays behind.
  process.once('exit', () => kill('SIGKILL'));
  return { name, pid: child.pid!, ended, kill };
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
