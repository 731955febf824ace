// Goal: imports go one way, each package has its place, and package.json says what is used. Method: the imports of all
// files, parsed, against the tables in support/layers.ts; each judge is tried on planted breaches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredPackages, dependencyComplaints, usedWithoutImport } from './support/dependencies.ts';
import { assertNone } from './support/findings.ts';
import { importCycles } from './support/import-cycles.ts';
import { idlePermissions, isOurs, layerFindings, packageFindings } from './support/import-rules.ts';
import { type Import, importsOf } from './support/imports-of.ts';
import { type Layer, layers, packageRules } from './support/layers.ts';
import { isUnder, readText, repositoryFiles } from './support/repository.ts';
import { parseFiles, parseText } from './support/syntax-trees.ts';

/** The client for TypeScript is a package of its own. */
const PACKAGE = 'clients/typescript';
const files = repositoryFiles().filter((file) => file.endsWith('.ts') && !isUnder(file, PACKAGE));
const trees = parseFiles(files);
const imports = [...trees].flatMap(([path, file]) => importsOf(path, file));
const ours = imports.filter((found) => isUnder(found.from, 'src') && isOurs(found));

test('the files of src import only what their layer may', () => {
  assertNone(layerFindings(imports, layers));
});

test('no layer has a permission that it does not use', () => {
  assert.deepEqual(idlePermissions(imports, layers), []);
});

test('each package is imported only in its place', () => {
  assertNone(packageFindings(imports, packageRules));
});

test('no values are imported in a circle', (t) => {
  assert.deepEqual(importCycles(ours.filter(({ typeOnly }) => !typeOnly)), []);
  // Types vanish before the program runs: such circles are told, not refused.
  for (const cycle of importCycles(ours)) t.diagnostic(`types in a circle: ${cycle.join(', ')}`);
});

test('package.json declares what is imported, and nothing else', () => {
  assert.deepEqual(dependencyComplaints(declaredPackages(), imports), []);
});

test('what is used without an import is really used', () => {
  for (const [name, { file, words }] of Object.entries(usedWithoutImport)) {
    assert.ok(readText(file).includes(words), `${file} does not say ${words}: is ${name} still needed?`);
  }
});

const SAMPLE = `import { a } from '../store/store.ts';
import type { B } from './rules/token.ts';
import { type C } from 'pino';
export * from '@grpc/grpc-js/build/src/server.js';
export type { D } from 'node:fs';
const e = await import('yaml');
type F = import('./g.ts').F;`;

test('the scanner finds every form of import', () => {
  const found = importsOf('src/cache/sample.ts', parseText(SAMPLE));
  assert.deepEqual(
    found.map(({ line, target, typeOnly }) => [line, target, typeOnly]),
    [
      [1, 'src/store/store.ts', false],
      [2, 'src/cache/rules/token.ts', true],
      [3, 'pino', false],
      [4, '@grpc/grpc-js/build/src/server.js', false],
      [5, 'node:fs', true],
      [6, 'yaml', false],
      [7, 'src/cache/g.ts', true],
    ],
  );
});

const planted: readonly Layer[] = [
  { place: 'src/a', values: ['src/b'], types: ['src/c'] },
  { place: 'src/b', values: [], types: [] },
  { place: 'src/b/inner', values: [], types: [] },
  { place: 'src/c', values: [], types: [] },
];

function planting(from: string, target: string, typeOnly = false): Import {
  return { from, line: 1, target, typeOnly };
}

test('the judge of layers refuses what the table does not allow', () => {
  const allowed = [
    planting('src/a/x.ts', 'src/a/y.ts'),
    planting('src/a/x.ts', 'src/b/y.ts'),
    planting('src/a/x.ts', 'src/c/y.ts', true),
    planting('src/b/inner/x.ts', 'src/b/inner/y.ts'),
  ];
  const refused = [
    planting('src/a/x.ts', 'src/c/y.ts'),
    planting('src/b/x.ts', 'src/a/y.ts', true),
    planting('src/a/x.ts', 'src/b/inner/y.ts'),
    planting('src/unknown/x.ts', 'src/b/y.ts'),
    planting('src/a/x.ts', 'test/support/y.ts'),
  ];
  assert.deepEqual(layerFindings(allowed, planted), []);
  assert.equal(layerFindings(refused, planted).length, refused.length);
});

test('the judge of layers names permissions that nobody uses', () => {
  const found = [planting('src/a/x.ts', 'src/b/inner/y.ts')];
  assert.deepEqual(idlePermissions(found, planted), ['src/a → src/b (values)', 'src/a → src/c (types)']);
});

test('the judge of packages refuses a package in the wrong place and an unknown one', () => {
  const found = [
    planting('src/cache/x.ts', 'pino'),
    planting('src/cache/x.ts', 'left-pad'),
    planting('src/cache/x.ts', 'node:crypto'),
    planting('src/api/x.ts', '@opentelemetry/sdk-node'),
    planting('src/telemetry/x.ts', 'pino/file'),
    planting('src/cache/x.ts', 'node:fs'),
  ];
  assert.deepEqual(
    packageFindings(found, packageRules).map(({ what }) => what.split(' ')[0]),
    ['pino', 'left-pad', 'node:crypto', '@opentelemetry/sdk-node'],
  );
});

test('the search for circles finds them, and only them', () => {
  const edges = ['ab', 'bc', 'ca', 'cd', 'de', 'ef', 'fe', 'gd'].map(([from, target]) => planting(from!, target!));
  assert.deepEqual(importCycles(edges).sort(), [
    ['a', 'b', 'c'],
    ['e', 'f'],
  ]);
});

test('the judge of dependencies finds idle, missing and misplaced packages', () => {
  const declared = { dependencies: ['ajv', 'idle'], devDependencies: ['yaml', 'tool'] };
  const found = [planting('src/x.ts', 'ajv/dist'), planting('src/x.ts', 'yaml'), planting('test/x.ts', 'missing')];
  assert.deepEqual(dependencyComplaints(declared, found, {}), [
    'idle: a dependency that src never imports',
    'tool: a dev dependency that nothing imports',
    'missing: imported, not in package.json',
    'yaml: src imports a dev dependency',
  ]);
});
