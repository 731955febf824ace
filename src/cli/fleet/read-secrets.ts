import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config-error.ts';

/** Reads a file that a flag names. Throws a ConfigError that names the flag and the file. */
export function readNamedFile(file: string, flag: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`${flag} ${file} can't be read (${code ?? 'unknown error'})`, { cause });
  }
}

/** Reads a password: the first line of a file. Throws a ConfigError if there is none. */
export function readPassword(file: string, flag: string): string {
  const [password = ''] = readNamedFile(file, flag).toString('utf8').split(/\r?\n/, 1);
  if (password === '') throw new ConfigError(`${flag} ${file} is empty: its first line is the password`);
  return password;
}
