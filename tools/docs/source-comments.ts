import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export const )?(\w+)(?::| =)/g;
const REASON = /((?:^ *\/\/.*\n)+) *ERROR_REASON_(\w+) = \d+;/gm;

/**
 * Returns the doc comments of a TypeScript file, from an exported constant on, by the name of the field or constant that
 * follows each, on one line.
 */
export function commentsByName(file: string, constant: string): ReadonlyMap<string, string> {
  const text = read(file);
  const declared = text.indexOf(`export const ${constant} `);
  const found = text.slice(text.lastIndexOf('/**', declared)).matchAll(DOCUMENTED);
  // The first wins: what comes later belongs to other constants.
  return new Map([...found].map(([, comment, name]) => [name!, oneLine(comment!, '*')] as const).reverse());
}

/** Returns the comments of the reasons in a proto file by their name without the prefix, each on one line. */
export function reasonComments(file: string): ReadonlyMap<string, string> {
  return new Map([...read(file).matchAll(REASON)].map(([, text, name]) => [name!, oneLine(text!, '//')]));
}

/** Returns what a map has under a name. Throws an Error that names what is missing. */
export function documented(comments: ReadonlyMap<string, string>, name: string, file: string): string {
  const text = comments.get(name);
  if (text === undefined) throw new Error(`${file}: ${name} has no comment, and the documentation needs one`);
  return text;
}

function read(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

function oneLine(comment: string, mark: string): string {
  const lines = comment.split('\n').map((line) => line.trim());
  return lines
    .map((line) => (line.startsWith(mark) ? line.slice(mark.length).trim() : line))
    .filter((line) => line !== '')
    .join(' ');
}
