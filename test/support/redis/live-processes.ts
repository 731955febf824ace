import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';

const live = new Set<ChildProcess>();
const directories = new Set<string>();

process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/**
 * Starts a process that doesn't outlive this one, not even if this one is killed, and doesn't keep it alive. What it
 * writes is appended to a file: a pipe that a busy test doesn't read would stop the process.
 */
export function spawnBound(command: string, args: readonly string[], logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const [bound, ...prefixed] = [...deathBond(), command, ...args];
  const child = spawn(bound!, prefixed, { stdio: ['ignore', log, log] });
  closeSync(log);
  live.add(child);
  child.once('exit', () => live.delete(child));
  child.unref();
  return child;
}

/** Has a directory removed when this process ends, if nobody removed it before. */
export function removeAtExit(directory: string): void {
  directories.add(directory);
}

/** Removes a directory now. */
export function removeNow(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}

let bond: readonly string[] | undefined;

// Linux kills the child with its parent if asked; elsewhere only the end of this process that `exit` tells is covered.
function deathBond(): readonly string[] {
  if (bond !== undefined) return bond;
  const command = ['setpriv', '--pdeathsig', 'KILL'];
  try {
    execFileSync(command[0]!, [...command.slice(1), 'true'], { stdio: 'ignore' });
    bond = command;
  } catch {
    bond = [];
  }
  return bond;
}
