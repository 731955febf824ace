// Goal: a node takes over what others do to namespaces when it is told, also when it is not, and says what failed. Method:
// documents that tell when the test says so, another node's registry over them, and a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { NamespaceRegistry } from '../../../src/cache/namespace-registry.ts';
import { followNamespaces } from '../../../src/server/follow-namespaces.ts';
import { MemoryControlDocuments } from '../../../src/store/memory/memory-control-documents.ts';
import type { Log } from '../../../src/telemetry/log.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';

class TellingDocuments extends MemoryControlDocuments {
  readonly listeners = new Set<() => void>();
  failing = false;

  override onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  override async list(kind: string): ReturnType<MemoryControlDocuments['list']> {
    if (this.failing) throw new Error('planted');
    return super.list(kind);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const small = { capacityBytes: limits.capacityBytesMin };

async function world() {
  const documents = new TellingDocuments();
  const clock = new ManualClock();
  const open = (seed: number) => {
    const { store } = openMemoryStore();
    const parts = { store, clock, documents, random: new SeededRandom(seed), shared: true };
    return NamespaceRegistry.open({ ...parts, capacityBytes: 10 * limits.capacityBytesMin }, []);
  };
  const [namespaces, other] = [await open(1), await open(2)];
  const lines: string[] = [];
  const ended: string[] = [];
  const write: Log['write'] = (event, fields) => void lines.push([event, ...Object.values(fields)].join(' '));
  const log: Log = { write, level: 'info', setLevel: () => {} };
  const hub = { endNamespace: (id: string) => void ended.push(id) };
  const following = followNamespaces({ namespaces, documents, hub, clock, log });
  return { documents, clock, namespaces, other, lines, ended, following };
}

test('what another node does is in force once it is told, and logged; streams of a deleted namespace end', async () => {
  const { documents, other, namespaces, lines, ended } = await world();
  const { id } = await other.create('music', small);
  documents.tell();
  await until(() => lines.length === 1);
  await other.update('music', { defaultTtlMs: 5000 }, undefined);
  documents.tell();
  await until(() => lines.length === 2);
  await other.delete('music', undefined);
  documents.tell();
  await until(() => lines.length === 3);
  assert.deepEqual(lines, [
    'namespaceFollowed music created 1',
    'namespaceFollowed music updated 2',
    'namespaceFollowed music deleted 2',
  ]);
  assert.deepEqual(ended, [id]);
  assert.throws(() => namespaces.named('music'), { reason: 'NAMESPACE_NOT_FOUND' });
});

test('what nobody tells is found within a second', async () => {
  const { clock, other, namespaces } = await world();
  await other.create('music', small);
  clock.advance(1000);
  await until(() => namespaces.all().length === 2);
});

test('a failure is logged now and then, and tried again', async () => {
  const { documents, clock, other, namespaces, lines } = await world();
  await other.create('music', small);
  documents.failing = true;
  for (let second = 0; second < 3; second++) clock.advance(1000);
  await until(() => lines.length > 0);
  documents.failing = false;
  clock.advance(1000);
  await until(() => namespaces.all().length === 2);
  assert.match(lines[0]!, /^backgroundWorkFailed namespaces 0 /);
  assert.equal(lines.filter((line) => line.startsWith('backgroundWorkFailed')).length, 1);
});

test('who stopped following hears no more', async () => {
  const { documents, clock, following } = await world();
  following.stop();
  assert.deepEqual([documents.listeners.size, clock.timers], [0, 0]);
});
