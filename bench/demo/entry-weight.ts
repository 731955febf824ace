import { weightBytes } from '../../src/store/memory/weight.ts';

const empty = { value: Buffer.alloc(0), contentType: '', tags: [] };

/** Returns how the server weighs entries with keys of `keyDigits` ASCII digits, without tags and content type. */
export function entryWeigher(keyDigits: number): (valueBytes: number) => number {
  const withoutValue = weightBytes('0'.repeat(keyDigits), empty);
  return (valueBytes) => withoutValue + valueBytes;
}
