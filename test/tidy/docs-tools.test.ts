// Goal: the generated tables say numbers and comments as they are. Method: the writers of tools/docs on planted samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownTable } from '../../tools/docs/markdown-table.ts';
import { quantityInWords } from '../../tools/docs/quantities.ts';
import { commentsByName, documented, reasonComments } from '../../tools/docs/source-comments.ts';

test('a number is written in the unit that its name ends with', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['keyBytesMax', 1024, '1024 bytes'],
    ['valueBytesMax', 8 * 1024 * 1024, '8 MiB'],
    ['capacityBytesMin', 65_536, '64 KiB'],
    ['oddBytes', 1025, '1025 bytes'],
    ['oneBytes', 1, '1 byte'],
    ['ttlMsMax', 30 * 86_400_000, '30 days'],
    ['waitMs', 1500, '1500 milliseconds'],
    ['headersMsMax', 5000, '5 seconds'],
    ['staleWindowMs', 0, '0'],
    ['itemsMax', 1000, '1000'],
    ['idsMax', 1_000_000, '1 000 000'],
    ['jitterRatioMax', 0.5, '0.5'],
  ];
  for (const [name, value, words] of cases) assert.equal(quantityInWords(name, value), words, name);
});

test('a table escapes what would break it', () => {
  assert.equal(markdownTable(['a', 'b'], [['x|y', 'one\ntwo']]), '| a | b |\n| --- | --- |\n| x\\|y | one two |');
});

test('comments of constants are found by name, from the right constant on', () => {
  const limits = commentsByName('src/base/limits.ts', 'limits');
  const defaults = commentsByName('src/base/limits.ts', 'defaults');
  assert.match(limits.get('ttlJitterRatioMax')!, /^Share/);
  assert.equal(defaults.get('ttlJitterRatioMax'), undefined);
  assert.equal(defaults.get('ttlMs'), 'TTL of an entry, in milliseconds.');
  assert.throws(() => documented(limits, 'noSuchLimit', 'limits.ts'), /limits\.ts: noSuchLimit has no comment/);
});

test('comments of reasons are found by name, several lines as one', () => {
  const reasons = reasonComments('proto/reprise/v1/error_reason.proto');
  assert.equal(reasons.get('UNSPECIFIED'), 'Never sent.');
  assert.match(reasons.get('MALFORMED_MESSAGE')!, /^INVALID_ARGUMENT\. .* are built from the same proto files\.$/);
});
