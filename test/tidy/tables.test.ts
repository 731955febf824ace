// Goal: what the tables of limits, reasons and events declare is used, and every limit is in a table. Method: the names
// that occur in the parsed files of src, and the generated documentation; the finders are tried on planted samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonCodes } from '../../src/api/reason-codes.ts';
import { defaults, limits } from '../../src/base/limits.ts';
import { logEvents } from '../../src/telemetry/log-events.ts';
import { limitGroups } from '../../tools/docs/limits-section.ts';
import { exportedLimits, namesUsed } from './support/documented-names.ts';
import { sourcePaths } from './support/repository.ts';
import { parseFiles, parseText } from './support/syntax-trees.ts';

const trees = [...parseFiles(sourcePaths('src'))];
const used = new Set(trees.flatMap(([, file]) => namesUsed(file)));

/** Returns which names nothing in src mentions. */
function unused(names: readonly string[]): string[] {
  return names.filter((name) => !used.has(name));
}

test('every log event is written somewhere', () => {
  assert.deepEqual(unused(Object.keys(logEvents)), [], 'documented, and never logged');
});

test('every error reason is given somewhere', () => {
  assert.deepEqual(unused(Object.keys(reasonCodes)), [], 'documented, and never sent');
});

test('every limit and every default applies somewhere', () => {
  const names = [
    ...Object.keys(limits).map((name) => `limits.${name}`),
    ...Object.keys(defaults).map((name) => `defaults.${name}`),
  ];
  assert.deepEqual(unused(names), [], 'documented, and never looked at');
});

test('every exported limit is documented', () => {
  const documented = new Set(limitGroups.flatMap(({ source, values }) => [source, ...Object.keys(values)]));
  const missing = trees.flatMap(([path, file]) =>
    exportedLimits(file)
      .filter((name) => !documented.has(name))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(missing, [], 'add them to tools/docs/limits-section.ts');
});

test('the finders find limits and names in planted samples', () => {
  const sample = parseText(`export const opsLimits = { a: 1 };
export const drainMsMax = 1;
const hiddenMax = 1;
export const maximum = limits.keyBytesMax;
log.write('started', { reason: "OTHER" }); // 'commented'`);
  assert.deepEqual(exportedLimits(sample), ['opsLimits', 'drainMsMax']);
  assert.deepEqual(namesUsed(sample), ['limits.keyBytesMax', 'log.write', 'started', 'OTHER']);
});
