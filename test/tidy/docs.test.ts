// Goal: the documents say all there is and nothing there is not. Method: their generated parts are generated again, names
// in them are looked up in the tables of the code, and links and paths are followed; the finders are tried on samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { reasonCodes } from '../../src/api/reason-codes.ts';
import { flags } from '../../src/config/flags.ts';
import { ErrorReason } from '../../src/gen/reprise/v1/error_reason.ts';
import { metricTable } from '../../src/telemetry/metric-table.ts';
import { fillSections } from '../../tools/docs/fill-sections.ts';
import { operationsSections } from '../../tools/docs/sections.ts';
import { reasonComments } from '../../tools/docs/source-comments.ts';
import { assertNone } from './support/findings.ts';
import { makeTargets } from './support/make-targets.ts';
import { anchorsOf, deadLinks, missingPaths } from './support/markdown.ts';
import { readText, repositoryFiles } from './support/repository.ts';

const operations = readText('docs/operations.md');
const paths = repositoryFiles().filter((file) => file.endsWith('.md'));
const documents = new Map(paths.map((path) => [path, readText(path)]));

/** Fails if the text holds a name of a form that is not among the known. */
function assertKnown(pattern: RegExp, known: Iterable<string>): void {
  const names = new Set(known);
  const unknown = [...operations.matchAll(pattern)].map(([name]) => name).filter((name) => !names.has(name));
  assert.deepEqual(unknown, [], 'docs/operations.md names what does not exist');
}

test('the generated parts of docs/operations.md are up to date', () => {
  assert.equal(operations, fillSections(operations, operationsSections), 'run `make generate`');
});

test('docs/operations.md names no metric, variable, flag or reason that does not exist', () => {
  const metrics = Object.values(metricTable).map(({ name }) => name);
  assertKnown(/\breprise_[a-z_]+?(?=(?:_bucket|_sum|_count)?\b)/g, metrics);
  assertKnown(
    /\bREPRISE_[A-Z_]+\b/g,
    flags.map(({ env }) => env),
  );
  assertKnown(/(?<=[\s`(])--[a-z][a-z-]+/g, [...flags.map(({ name }) => `--${name}`), '--max-old-space-size']);
  const words = ['NOT_SERVING', 'NODE_OPTIONS', 'OTHER_NAMESPACE', 'BEYOND_FORK', 'UNKNOWN_EPOCH'];
  const codes = Object.keys(status);
  assertKnown(/(?<![\w"])[A-Z]+(?:_[A-Z]+)+\b/g, [
    ...Object.keys(reasonCodes),
    ...flags.map(({ env }) => env),
    ...codes,
    ...words,
  ]);
});

test('every reason of the proto file has a code, and its comment begins with that code', () => {
  const comments = reasonComments('proto/reprise/v1/error_reason.proto');
  const names = Object.keys(ErrorReason).filter((name) => name !== 'UNSPECIFIED');
  assert.deepEqual(Object.keys(reasonCodes).sort(), names.sort());
  for (const [reason, code] of Object.entries(reasonCodes)) {
    assert.match(comments.get(reason) ?? '', new RegExp(`^${status[code]}(, with RetryInfo)?\\. \\S`), reason);
  }
});

test('every target of the Makefile has help and is shown in the README or in CONTRIBUTING', () => {
  const shown = readText('README.md') + readText('CONTRIBUTING.md');
  const targets = makeTargets(readText('Makefile')).filter(({ name }) => name !== 'help');
  const complaints = targets.flatMap(({ name, help }) => [
    ...(help === undefined ? [`${name} has no help`] : []),
    ...(new RegExp(`make ${name}\\b`).test(shown) ? [] : [`no document shows make ${name}`]),
  ]);
  assert.deepEqual(complaints, []);
});

test('links in documents lead to files and headings that exist', () => assertNone(deadLinks(documents)));

test('documents name only files that exist', () => {
  assertNone([...documents].flatMap(([path, text]) => missingPaths(path, text)));
});

test('a generated part without a writer, a writer without a part and an open part are refused', () => {
  const part = (name: string): string => `<!-- generated: ${name} -->\nold\n<!-- /generated -->\n`;
  const sections = { a: () => 'new' };
  assert.equal(fillSections(part('a'), sections), part('a').replace('old', '\nnew\n'));
  assert.throws(() => fillSections(part('b'), sections), /nothing generates/);
  assert.throws(() => fillSections('', sections), /no place/);
  assert.throws(() => fillSections(`${part('a')}<!-- generated: a -->`, sections), /not closed/);
});

test('the finders of links and paths find what is planted', () => {
  const sample = new Map([
    ['docs/a.md', '# A b, c\n[ok](#a-b-c) [ok](../README.md) [ok](https://x.y)\n[bad](#other)\n[bad](none.md)\n'],
    ['README.md', '```\n# no heading\n```\n[bad](docs/a.md#no-heading)'],
  ]);
  assert.deepEqual(
    deadLinks(sample).map(({ path, line }) => `${path}:${line}`),
    ['docs/a.md:3', 'docs/a.md:4', 'README.md:4'],
  );
  assert.deepEqual(anchorsOf('## What it is, and is *not*'), ['what-it-is-and-is-not']);
  const text = '`src/main.ts` src/none.ts (`test/tidy`) my/src/x.ts\nsrc/cache/nothing.ts.';
  assert.deepEqual(
    missingPaths('x.md', text).map(({ line, what }) => `${line} ${what}`),
    ['1 src/none.ts does not exist', '2 src/cache/nothing.ts does not exist'],
  );
});

test('the reader of the Makefile finds targets with and without help', () => {
  assert.deepEqual(makeTargets('.PHONY: a\na: b ## Does a\n.PHONY: c\nc:\n'), [
    { name: 'a', help: 'Does a' },
    { name: 'c', help: undefined },
  ]);
});
