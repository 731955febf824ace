import { ENTRY_OVERHEAD_BYTES } from '../../src/store/memory/weight.ts';
import { sizeInWords } from './quantities.ts';

/** Returns the formula by which an entry is charged. */
export function weightSection(): string {
  return `> weight = key + value + content type + tags (bytes in UTF-8) + ${sizeInWords(ENTRY_OVERHEAD_BYTES)}`;
}
