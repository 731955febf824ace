import { limits } from '../../base/limits.ts';

const COLON = 0x3a;
const SLASH = 0x2f;

/**
 * Returns the scope prefixes of a key, shortest first: each ends in `:` or `/`, and only the first 8 count.
 * `a:b/c` has `a:` and `a:b/`.
 */
export function scopePrefixes(key: string): string[] {
  const prefixes: string[] = [];
  for (let i = 0; i < key.length && prefixes.length < limits.scopePrefixesPerKeyMax; i++) {
    if (isSeparator(key.charCodeAt(i))) prefixes.push(key.slice(0, i + 1));
  }
  return prefixes;
}

/** Tells whether a text can be the scope prefix of a key. */
export function isScopePrefix(text: string): boolean {
  return scopePrefixes(text).at(-1) === text;
}

function isSeparator(charCode: number): boolean {
  return charCode === COLON || charCode === SLASH;
}
