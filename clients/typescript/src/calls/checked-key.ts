import { InvalidArgumentError } from '../errors.ts';

/**
 * Returns a key as it is. Throws where it has half a surrogate pair: UTF-8 has nothing for it, and different keys would
 * become the same one on their way. All else is the server's to refuse.
 */
export function checkedKey(key: string): string {
  if (key.isWellFormed()) return key;
  throw new InvalidArgumentError('The key is not well-formed.', { code: 'INVALID_ARGUMENT', reason: 'KEY_INVALID' });
}

/** Returns keys as they are. Throws as `checkedKey`. */
export function checkedKeys(keys: readonly string[]): string[] {
  return keys.map(checkedKey);
}
