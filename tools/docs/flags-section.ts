import type { Flag } from '../../src/config/flag.ts';
import { flags } from '../../src/config/flags.ts';
import { code, markdownTable } from './markdown-table.ts';

/** Returns the table of all flags of `reprise serve`, with their variables and keys. */
export function flagsSection(): string {
  const headers = ['flag', 'environment', 'key in the file', 'default', 'what it does'];
  return markdownTable(headers, flags.map(row));
}

function row({ name, valueName, env, filePath, defaultText, help }: Flag): string[] {
  const flag = valueName === undefined ? `--${name}` : `--${name} ${valueName}`;
  const fallback = defaultText === 'none' ? 'none' : code(defaultText);
  return [code(flag), code(env), code(filePath?.join('.') ?? ''), fallback, help];
}
