// Goal: what is kept of a namespace brings it back as it was, and documents of earlier versions mean the defaults. Method:
// definitions through documents and back, and bodies that lack fields.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { NamespaceDefinition, NamespaceSettings } from '../../../src/cache/namespace.ts';
import { definitionOf, documentBodyOf, NAMESPACE_KIND } from '../../../src/cache/namespace-document.ts';
import { defaultSettings } from '../../../src/cache/namespace-settings.ts';
import type { JsonObject } from '../../../src/store/control-documents.ts';
import type { NamespaceId } from '../../../src/store/store.ts';

const id = 'a'.repeat(16) as NamespaceId;

function read(body: JsonObject): NamespaceSettings {
  const document = { kind: NAMESPACE_KIND, name: 'n', version: 1, body };
  return definitionOf(document, defaultSettings, true).settings;
}

function bodyOf(changes: Partial<NamespaceSettings>): JsonObject {
  const settings = { ...defaultSettings, ...changes };
  const definition: NamespaceDefinition = {
    id,
    name: 'n',
    settings,
    version: 1,
    createdAtMs: 5,
    managedByFile: false,
    durable: true,
  };
  return JSON.parse(JSON.stringify(documentBodyOf(definition, defaultSettings)));
}

test('settings come back as they were kept', () => {
  const changes = { readFallback: 'stale', writeFallback: 'local', localTtlMs: 60_000, defaultTtlMs: 5 } as const;
  assert.deepEqual(read(bodyOf(changes)), { ...defaultSettings, ...changes });
});

test('only what differs is kept, so that it follows the defaults', () => {
  assert.deepEqual(bodyOf({ writeFallback: 'local' })['settings'], { writeFallback: 'local' });
});

test('a document of a version that knew no fallbacks means that there are none', () => {
  const { readFallback, writeFallback, localTtlMs } = read({ id, createdAtMs: 5, settings: { defaultTtlMs: 5000 } });
  assert.deepEqual([readFallback, writeFallback, localTtlMs], ['error', 'refuse', 10_000]);
});

test('a word that this version does not know is refused, by name', () => {
  for (const name of ['readFallback', 'writeFallback']) {
    const failure = { reason: 'SETTING_OUT_OF_RANGE', detail: { metadata: { field: name } } };
    assert.throws(
      () => read({ id, createdAtMs: 5, settings: { [name]: 'hope' } }),
      (error: { detail: object }) => {
        assert.deepEqual({ ...error.detail }, { ...failure.detail, field: `settings.${name.replace('F', '_f')}` });
        return true;
      },
    );
  }
});
