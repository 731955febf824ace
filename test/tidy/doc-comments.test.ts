// Goal: whoever uses an export reads what it does where it stands, and no comment is dead code. Method: the parsed files
// of the repository; both scanners are tried on planted samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commentedOutCode, undocumentedExports } from './support/comment-rules.ts';
import { commentsOf } from './support/comments-of.ts';
import { assertNone } from './support/findings.ts';
import { sourcePaths } from './support/repository.ts';
import { parseFiles, parseText } from './support/syntax-trees.ts';

const trees = [...parseFiles(sourcePaths('src', 'test', 'bench', 'tools'))];

test('every exported declaration has a doc comment', () => {
  assertNone(trees.flatMap(([path, file]) => undocumentedExports(path, file)));
});

test('no comment is code', () => {
  assertNone(trees.flatMap(([path, file]) => commentedOutCode(path, file)));
});

test('the scanner of exports finds each kind of declaration without a doc comment', () => {
  const sample = parseText(`
/** Documented. */
export const a = 1;
export const b = 2;
// Not a doc comment.
export function c() {}
export class D {}
export interface E {}
export type F = 1;
/** Documented. */
export default class {}
const inner = 1;
export { inner };
export * from './other.ts';`);
  const found = undocumentedExports('sample.ts', sample);
  assert.deepEqual(
    found.map(({ line, what }) => `${line} ${what.split(' ', 1)[0]}`),
    ['4 b', '6 c', '7 D', '8 E', '9 F'],
  );
});

test('the scanner of comments tells comments from texts', () => {
  const sample = parseText(`const a = 'http://x'; // first
const b = /[/*]/; /* second
 * third */ const c = \`// no \${a /* fourth */} // no\`;`);
  assert.deepEqual(
    commentsOf(sample).map(({ line, text }) => `${line} ${text}`),
    ['1 first', '2 second', '3 third', '3 fourth'],
  );
});

test('the scanner of dead code tells code from prose', () => {
  const dead = [
    'const a = 1;',
    'return run(this);',
    'if (a === b) {',
    'a.b = c + 1;',
    'call(a, b);',
    '}',
    'await stop();',
  ];
  const prose = [
    'If the queue is full, the oldest goes; see above.',
    'Returns `a = b;` as text',
    'for each bound: how many',
    'Levenshtein 1966, by rows (Wagner and Fischer 1974).',
    'import maps are not used',
  ];
  const found = (lines: readonly string[]): number =>
    commentedOutCode('sample.ts', parseText(lines.map((line) => `// ${line}`).join('\n'))).length;
  assert.equal(found(dead), dead.length);
  assert.equal(found(prose), 0);
});
