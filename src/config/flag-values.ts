import { ConfigError } from './config-error.ts';

/** Reads the path of a file or directory. `where` names the place for the error, a ConfigError. */
export function parsePath(text: string, where: string): string {
  if (text.trim() === '' || text.includes('\0')) throw new ConfigError(`${where}: expected a path, found "${text}"`);
  return text;
}

/** Reads a switch. `where` names the place for the error, a ConfigError. */
export function parseBoolean(text: string, where: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new ConfigError(`${where}: expected true or false, found "${text}"`);
}

/** Reads a whole number from 0 on. `where` names the place for the error, a ConfigError. */
export function parseCount(text: string, where: string, max: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
  throw new ConfigError(`${where}: expected a whole number from 0 to ${max}, found "${text}"`);
}

/** Reads one of some words. `where` names the place for the error, a ConfigError. */
export function parseWord<Word extends string>(text: string, where: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new ConfigError(`${where}: expected one of ${words.join(', ')}, found "${text}"`);
  return word;
}
