// Goal: nodes that share control documents have the same namespaces, under the same ids. Method: registries over stores of
// their own and one set of documents; each catches up when the test says so.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { OperatingError, type ReasonName } from '../../../src/base/operating-error.ts';
import { type FileNamespace, type FollowedChange, NamespaceRegistry } from '../../../src/cache/namespace-registry.ts';
import type { ControlDocuments } from '../../../src/store/control-documents.ts';
import { MemoryControlDocuments } from '../../../src/store/memory/memory-control-documents.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const small = { capacityBytes: limits.capacityBytesMin };
const music: FileNamespace = { name: 'music', settings: small };

interface Node {
  readonly registry: NamespaceRegistry;
  readonly store: ReturnType<typeof openMemoryStore>['store'];
  /** Takes over what others did; tells what. */
  caughtUp(): Promise<string[]>;
}

let seeds = 0;

async function node(
  documents: ControlDocuments,
  { capacityBytes = 10 * limits.capacityBytesMin, file = [] as readonly FileNamespace[] } = {},
): Promise<Node> {
  const { clock, store } = openMemoryStore();
  const parts = { clock, store, documents, random: new SeededRandom(++seeds), capacityBytes, shared: true };
  const registry = await NamespaceRegistry.open(parts, file);
  const caughtUp = async (): Promise<string[]> => {
    const told: FollowedChange[] = [];
    registry.follow((change) => told.push(change));
    await registry.catchUp();
    return told.map(({ kind, namespace }) => `${kind} ${namespace.name}`);
  };
  return { registry, store, caughtUp };
}

async function twoNodes(): Promise<[Node, Node]> {
  const documents = new MemoryControlDocuments();
  return [await node(documents), await node(documents)];
}

function failsWith(reason: ReasonName): (error: unknown) => boolean {
  return (error) => error instanceof OperatingError && error.reason === reason;
}

test('default has one id on all nodes, whether the file defines it or not, and whoever is first', async () => {
  const file = [{ name: 'default', settings: small }];
  for (const files of [[[], file] as const, [file, []] as const, [file, file] as const]) {
    const documents = new MemoryControlDocuments();
    const nodes = await Promise.all(files.map((each) => node(documents, { file: each })));
    const later = await node(documents);
    const ids = new Set([...nodes, later].map(({ registry }) => registry.named('').id));
    assert.equal(ids.size, 1);
  }
});

test('a namespace of the file has one id on all nodes, also when they start at the same time', async () => {
  const documents = new MemoryControlDocuments();
  const nodes = await Promise.all([1, 2, 3].map(() => node(documents, { file: [music] })));
  assert.equal(new Set(nodes.map(({ registry }) => registry.named('music').id)).size, 1);
});

test('a namespace that moves from an administrator into the file keeps its id', async () => {
  const documents = new MemoryControlDocuments();
  const { id } = await (await node(documents)).registry.create('music', small);
  assert.equal((await node(documents, { file: [music] })).registry.named('music').id, id);
});

test('what one node creates, changes and deletes is in force on the other once it caught up', async () => {
  const [one, other] = await twoNodes();
  const created = await one.registry.create('music', small);
  assert.deepEqual(await other.caughtUp(), ['created music']);
  assert.equal(other.registry.named('music').id, created.id);
  await one.registry.update('music', { defaultTtlMs: 5000 }, undefined);
  assert.deepEqual(await other.caughtUp(), ['updated music']);
  assert.equal(other.registry.named('music').settings.defaultTtlMs, 5000);
  await one.registry.delete('music', undefined);
  assert.deepEqual(await other.caughtUp(), ['deleted music']);
  assert.throws(() => other.registry.named('music'), failsWith('NAMESPACE_NOT_FOUND'));
  await assert.rejects(async () => other.store.usage(created.id), failsWith('NAMESPACE_NOT_FOUND'));
  assert.deepEqual(await other.caughtUp(), [], 'nothing more');
});

test('a name that was deleted and created again in between is another namespace', async () => {
  const [one, other] = await twoNodes();
  await one.registry.create('music', small);
  await other.caughtUp();
  await one.registry.delete('music', undefined);
  const { id } = await one.registry.create('music', small);
  assert.deepEqual(await other.caughtUp(), ['deleted music', 'created music']);
  assert.equal(other.registry.named('music').id, id);
});

test('of two nodes that create the same name one is told that it exists', async () => {
  const [one, other] = await twoNodes();
  const results = await Promise.allSettled([one.registry.create('n', small), other.registry.create('n', small)]);
  const lost = results.filter((result) => result.status === 'rejected');
  assert.equal(lost.length, 1);
  assert.ok(failsWith('NAMESPACE_EXISTS')(lost[0]!.reason));
  await Promise.all([one.caughtUp(), other.caughtUp()]);
  assert.equal(one.registry.named('n').id, other.registry.named('n').id);
});

test('a change that names no version is made on the newest, one that names a version is judged by the newest', async () => {
  const [one, other] = await twoNodes();
  await one.registry.create('music', small);
  await other.caughtUp();
  await one.registry.update('music', { defaultTtlMs: 5000 }, undefined);
  const { version, settings } = await other.registry.update('music', { maxTtlMs: 6000 }, undefined);
  assert.deepEqual([version, settings.defaultTtlMs, settings.maxTtlMs], [3, 5000, 6000]);
  await assert.rejects(one.registry.update('music', {}, 2), failsWith('VERSION_MISMATCH'));
  await assert.rejects(one.registry.delete('music', 2), failsWith('VERSION_MISMATCH'));
  await one.registry.delete('music', undefined);
  await assert.rejects(other.registry.delete('music', undefined), failsWith('NAMESPACE_NOT_FOUND'));
});

test('what the file defines is not touched by what others do to its name', async () => {
  const documents = new MemoryControlDocuments();
  const byFile = await node(documents, { file: [music] });
  const other = await node(documents);
  await other.registry.create('music', { ...small, defaultTtlMs: 5000 });
  await other.registry.update('default', { defaultTtlMs: 5000 }, undefined);
  assert.deepEqual(await byFile.caughtUp(), ['updated default']);
  assert.equal(byFile.registry.named('music').managedByFile, true);
});

test('a namespace that does not fit on a smaller node gets what is left there, also after a restart', async () => {
  const documents = new MemoryControlDocuments();
  const capacityBytes = 4 * limits.capacityBytesMin;
  const smaller = await node(documents, { capacityBytes });
  const larger = await node(documents, { capacityBytes: 100 * limits.capacityBytesMin });
  const { id } = await larger.registry.create('music', { capacityBytes: 20 * limits.capacityBytesMin });
  await smaller.caughtUp();
  for (const { store } of [smaller, await node(documents, { capacityBytes })]) {
    assert.ok((await store.usage(id)).capacityBytes <= 3 * limits.capacityBytesMin);
  }
});

test('what could not be followed is told, does not hinder the rest, and is followed later', async () => {
  const [one, other] = await twoNodes();
  for (const name of ['a', 'b', 'c']) await one.registry.create(name, small);
  const open = other.store.openNamespace.bind(other.store);
  const bad = one.registry.named('b').id;
  other.store.openNamespace = (id, capacityBytes) => {
    if (id === bad) throw new OperatingError('STORE_UNAVAILABLE', 'planted');
    open(id, capacityBytes);
  };
  await assert.rejects(other.caughtUp(), failsWith('STORE_UNAVAILABLE'));
  assert.deepEqual(
    other.registry.all().map(({ name }) => name),
    ['a', 'c', 'default'],
  );
  other.store.openNamespace = open;
  assert.deepEqual(await other.caughtUp(), ['created b']);
});
