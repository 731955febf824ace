import { type NamespaceKey, type NumberKey, namespaceKeys } from '../../src/config/namespace-keys.ts';
import { code, markdownTable } from './markdown-table.ts';
import { durationInWords, sizeInWords } from './quantities.ts';

/** Returns the table of the settings that a namespace can have in the file. */
export function namespaceKeysSection(): string {
  return markdownTable(['key', 'allowed', 'default', 'what it does'], namespaceKeys.map(row));
}

function row(key: NamespaceKey): string[] {
  if (key.kind === 'word') return [code(key.name), key.words.map(code).join(', '), code(key.default), key.help];
  return [code(key.name), allowed(key), inWords(key, key.default), key.help];
}

// Sizes near 2^53 stand for "as much as there is".
function allowed(key: NumberKey): string {
  const { min, max } = key.range;
  return max > 2 ** 52 ? `from ${inWords(key, min)}` : `${inWords(key, min)} to ${inWords(key, max)}`;
}

function inWords({ kind }: NumberKey, value: number): string {
  switch (kind) {
    case 'duration':
      return durationInWords(value);
    case 'size':
      return sizeInWords(value);
    case 'ratio':
      return String(value);
  }
}
