// Goal: a file has one reason and a function fits a screen. Method: lines of files and of parsed functions against
// support/size-limits.ts, with a ratchet for what was longer before; the measures are tried on planted samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsOf, type MeasuredFunction } from './support/functions-of.ts';
import { median, ratchetComplaints, type Sized } from './support/ratchet.ts';
import { isUnder, readText, sourcePaths } from './support/repository.ts';
import {
  fileLinesMax,
  functionLinesMax,
  longFiles,
  longFunctionLines,
  longFunctions,
  longFunctionsRatioMax,
} from './support/size-limits.ts';
import { parseFiles, parseText } from './support/syntax-trees.ts';

const folders = Object.keys(fileLinesMax);
const paths = sourcePaths(...folders);
const files = paths.map((path) => ({ name: path, lines: readText(path).trimEnd().split('\n').length }));
const functions = [...parseFiles(paths)]
  .flatMap(([path, file]) => functionsOf(path, file))
  // A function that lists test cases is as long as what it does itself.
  .map((measured) => (isUnder(measured.path, 'test') ? { ...measured, lines: measured.ownLines } : measured));

function below(folder: string): { files: Sized[]; functions: MeasuredFunction[] } {
  return {
    files: files.filter(({ name }) => isUnder(name, folder)),
    functions: functions.filter(({ path }) => isUnder(path, folder)),
  };
}

test('no file is too long', () => {
  const maxOf = (path: string): number => fileLinesMax[path.split('/', 1)[0]!]!;
  assert.deepEqual(ratchetComplaints(files, maxOf, longFiles), []);
});

test('no function is too long', () => {
  const sizes = functions.map(({ path, name, lines }) => ({ name: `${path} ${name}`, lines }));
  assert.deepEqual(
    ratchetComplaints(sizes, () => functionLinesMax, longFunctions),
    [],
  );
});

for (const folder of folders) {
  test(`few functions of ${folder} are long`, (t) => {
    const found = below(folder);
    const long = found.functions.filter(({ lines }) => lines > longFunctionLines);
    const lines = found.functions.map((measured) => measured.lines);
    t.diagnostic(
      `${folder}: ${found.files.length} files, median ${median(found.files.map((file) => file.lines))} lines; ` +
        `${lines.length} functions, median ${median(lines)} lines, longest ${Math.max(0, ...lines)}`,
    );
    const names = long.map(({ path, line, name }) => `${path}:${line} ${name}`).join(', ');
    assert.ok(long.length <= longFunctionsRatioMax * lines.length, `longer than ${longFunctionLines} lines: ${names}`);
  });
}

const SAMPLE = `
/** A comment is not counted. */
export function two() {
  return 1; }
const brief = (a) => a + 1;
const arrow = () => {
  brief(() => {
  });
};
class C {
  constructor() {}
  get x() {
    return \`}
    \`;
  }
  method(a = {}) { /* } */
  }
  declared(): void;
}`;

test('the measure finds functions and their lines', () => {
  const measured = functionsOf('sample.ts', parseText(SAMPLE)).map((found) => [
    found.name,
    found.line,
    found.lines,
    found.ownLines,
  ]);
  assert.deepEqual(measured, [
    ['two', 3, 2, 2],
    ['arrow', 6, 4, 3],
    ['anonymous', 7, 2, 2],
    ['constructor', 11, 1, 1],
    ['x', 12, 4, 4],
    ['method', 16, 2, 2],
  ]);
});

test('the ratchet refuses what is too long, what grew, and what is no longer needed', () => {
  const sizes = [
    { name: 'short', lines: 10 },
    { name: 'long', lines: 11 },
    { name: 'known', lines: 20 },
    { name: 'grown', lines: 21 },
    { name: 'mended', lines: 9 },
  ];
  const complaints = ratchetComplaints(sizes, () => 10, { known: 20, grown: 20, mended: 20, gone: 20 });
  assert.deepEqual(
    complaints.map((text) => text.split(' ')[0]),
    ['long', 'grown', 'mended', 'gone'],
  );
});

test('the median is the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([]), 0);
});
