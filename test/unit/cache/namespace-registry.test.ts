// Goal: namespaces are found, changed one at a time and kept. Method: the registry over real stores and documents.
import assert from 'node:assert/strict';
import test from 'node:test';
import { defaults, limits } from '../../../src/base/limits.ts';
import { OperatingError, type ReasonName } from '../../../src/base/operating-error.ts';
import { NamespaceRegistry } from '../../../src/cache/namespace-registry.ts';
import { MemoryControlDocuments } from '../../../src/store/memory/memory-control-documents.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

type Parts = Parameters<typeof NamespaceRegistry.open>[0];

function parts(changes: Partial<Parts> = {}): Parts {
  const { clock, store } = openMemoryStore();
  const documents = new MemoryControlDocuments();
  const capacityBytes = 10 * limits.capacityBytesMin;
  return { clock, store, documents, random: new SeededRandom(7), capacityBytes, ...changes };
}

const small = { capacityBytes: limits.capacityBytesMin };

function failsWith(reason: ReasonName): (error: unknown) => boolean {
  return (error) => error instanceof OperatingError && error.reason === reason;
}

test('default exists and has half of the capacity', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  assert.equal(registry.named('').name, 'default');
  assert.equal(registry.named('default').settings.capacityBytes, 5 * limits.capacityBytesMin);
  assert.equal(registry.named('').settings.defaultTtlMs, defaults.ttlMs);
});

test('a namespace created by an administrator is there again after a restart, with its id', async () => {
  const first = parts();
  const created = await (await NamespaceRegistry.open(first, [])).create('music', { ...small, defaultTtlMs: 5000 });
  const again = await NamespaceRegistry.open({ ...first, store: openMemoryStore().store }, []);
  assert.equal(again.named('music').id, created.id);
  assert.equal(again.named('music').settings.defaultTtlMs, 5000);
});

test('a name that is deleted and created again has another id', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  const before = await registry.create('music', small);
  await registry.delete('music', undefined);
  assert.throws(() => registry.named('music'), failsWith('NAMESPACE_NOT_FOUND'));
  const after = await registry.create('music', small);
  assert.notEqual(after.id, before.id);
});

test('what the file defines belongs to the file, and wins over a document', async () => {
  const shared = parts();
  const first = await NamespaceRegistry.open(shared, []);
  await first.create('music', { ...small, defaultTtlMs: 5000 });
  const store = openMemoryStore().store;
  const fromFile = [{ name: 'music', settings: { ...small, defaultTtlMs: 7000 } }];
  const registry = await NamespaceRegistry.open({ ...shared, store }, fromFile);
  assert.equal(registry.named('music').settings.defaultTtlMs, 7000);
  await assert.rejects(registry.update('music', {}, undefined), failsWith('MANAGED_BY_FILE'));
  await assert.rejects(registry.delete('music', undefined), failsWith('MANAGED_BY_FILE'));
});

test('a change names the version it has seen', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  await registry.create('music', small);
  const updated = await registry.update('music', { defaultTtlMs: 5000 }, 1);
  assert.equal(updated.version, 2);
  await assert.rejects(registry.update('music', {}, 1), failsWith('VERSION_MISMATCH'));
  await assert.rejects(registry.delete('music', 1), failsWith('VERSION_MISMATCH'));
});

test('default can be changed but not deleted', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  assert.equal((await registry.update('default', { defaultTtlMs: 5000 }, undefined)).settings.defaultTtlMs, 5000);
  assert.equal((await registry.update('default', { defaultTtlMs: 6000 }, undefined)).settings.defaultTtlMs, 6000);
  await assert.rejects(registry.delete('default', undefined), failsWith('NAMESPACE_BUILT_IN'));
});

test('capacities add up to the server at most, also when they are asked for at the same time', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  const half = { capacityBytes: 3 * limits.capacityBytesMin };
  const results = await Promise.allSettled([registry.create('a', half), registry.create('b', half)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  await assert.rejects(registry.create('b', half), failsWith('QUOTA_EXCEEDED'));
  await registry.create('c', { capacityBytes: 2 * limits.capacityBytesMin });
});

test('settings out of range are refused by name, at the limit and one past it', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  await registry.update(
    'default',
    { ttlJitterRatio: 0.5, negativeTtlMs: 60_000, maxTtlMs: limits.ttlMsMax, localTtlMs: limits.localTtlMsMax },
    undefined,
  );
  const wrong = [
    { ttlJitterRatio: 0.51 },
    { negativeTtlMs: 60_001 },
    { maxTtlMs: limits.ttlMsMax + 1 },
    { maxTtlMs: 10, defaultTtlMs: 11 },
    { valueBytesMax: limits.valueBytesMax + 1 },
    { capacityBytes: limits.capacityBytesMin - 1 },
    { defaultStaleWindowMs: -1 },
    { defaultTtlMs: Number.NaN },
    { localTtlMs: 0 },
    { localTtlMs: limits.localTtlMsMax + 1 },
  ];
  for (const changes of wrong) {
    await assert.rejects(registry.update('default', changes, undefined), failsWith('SETTING_OUT_OF_RANGE'));
  }
});

test('a name is letters, digits, dots, dashes and underscores', async () => {
  const registry = await NamespaceRegistry.open(parts(), []);
  await registry.create(`a${'b'.repeat(62)}`, small);
  for (const name of ['', 'A', '-a', 'a b', 'ä', 'a/b', 'a'.repeat(64)]) {
    await assert.rejects(registry.create(name, small), failsWith('NAMESPACE_NAME_INVALID'));
  }
});
