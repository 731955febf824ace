// Goal: what is generated and committed is what the generators make, and the proto files are clean. Method: buf writes
// everything into a temporary folder, and the two are compared; the comparison is tried on planted differences.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buf, differences, filesBelow, vendoredProtos } from './support/generated-files.ts';
import { isUnder, repositoryFiles, repositoryRoot } from './support/repository.ts';

test('the generated code is what the proto files say: `make generate` changes nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-gen-'));
  t.after(() => rmSync(folder, { recursive: true }));
  buf('generate', '--output', folder);
  buf('build', '--as-file-descriptor-set', '--output', join(folder, 'src/gen/descriptors.binpb'));
  const fresh = filesBelow(join(folder, 'src/gen'));
  const present = filesBelow(join(repositoryRoot, 'src/gen'));
  assert.deepEqual(differences(fresh, present), []);
});

test('every generated file says that it is not to be edited', () => {
  const generated = repositoryFiles().filter((file) => isUnder(file, 'src/gen') && file.endsWith('.ts'));
  assert.ok(generated.length > 5);
  const texts = filesBelow(join(repositoryRoot, 'src/gen'));
  for (const file of generated) assert.match(texts.get(file.slice('src/gen/'.length))!, /^\/\/ .*DO NOT EDIT/, file);
});

test('buf finds no fault with the proto files: names, comments on every element', () => {
  assert.doesNotThrow(() => buf('lint'));
});

test('the proto files are formatted', () => {
  const excluded = vendoredProtos.flatMap((folder) => ['--exclude-path', folder]);
  assert.doesNotThrow(() => buf('format', '--diff', '--exit-code', ...excluded));
});

test('the comparison tells what is missing, superfluous and changed', () => {
  const fresh = new Map(Object.entries({ same: 'a', changed: 'b', missing: 'c' }));
  const present = new Map(Object.entries({ same: 'a', changed: 'B', old: 'd' }));
  assert.deepEqual(differences(fresh, present), [
    'changed is not what is generated',
    'missing is missing',
    'old is no longer generated',
  ]);
});
