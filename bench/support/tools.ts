import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProcess } from './processes.ts';

/** True if a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => isExecutable(join(directory, name)));
}

/**
 * Makes sure that a program is there, installing its Debian package where this process may. Throws with the line that
 * installs it otherwise. `say` is told what is done.
 */
export async function requireProgram(name: string, packageName: string, say: (line: string) => void): Promise<void> {
  if (hasProgram(name)) return;
  const install = ['apt-get', 'install', '-y', packageName];
  const command = process.getuid?.() === 0 ? install : ['sudo', '-n', ...install];
  const line = command.filter((word) => word !== '-n').join(' ');
  if (!hasProgram('apt-get') || !hasProgram(command[0]!)) throw new Error(`${name} is missing. Install it: ${line}`);
  say(`${name} is missing, installing it: ${line}`);
  await runProcess(command);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
