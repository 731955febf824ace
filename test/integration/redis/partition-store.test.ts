// Goal: partitions in Redis answer as their port says. Method: a real server; each test has names of its own there, and
// looks behind the store where only that shows it. What a tiered store passes on is tested by the suite of the port Store.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import type { Change } from '../../../src/store/store.ts';
import { OTHER_NS } from '../../suite/store/store-harness.ts';
import { appliedChange, NS, openBench, registration, somePartitionWrite } from '../../support/partition-bench.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { until } from '../../support/until.ts';

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

const redis = (command: string, ...args: (string | number)[]): Promise<unknown> =>
  rig.servers[0]!.command(command, ...args);

test('an entry is read as it was written, and the answer tells head, time and server', async () => {
  await using bench = await openBench(rig);
  const write = somePartitionWrite('a:ü', { tags: ['t', 'ü'], contentType: 'a/b', staleWindowMs: 9 });
  const { position, head, lifetime, nowMs, server } = appliedChange(await bench.store.write(0, write));
  const { found, ...told } = await bench.store.read(0, NS, ['a:ü', 'none']);
  const { key, value, tags, contentType } = write;
  assert.deepEqual(found[0], {
    entry: { key, value, tags, contentType, position, stamp: position, ...lifetime, markedStale: false },
    absence: 'unknown',
  });
  assert.equal(found[1]?.entry, undefined);
  assert.equal(head, position.number);
  assert.equal(told.head, head);
  assert.equal(told.server, server);
  assert.ok(told.nowMs >= nowMs);
});

test('the first change of a partition is its epoch, and a read before it begins that too', async () => {
  await using bench = await openBench(rig);
  const { head, chain } = await bench.store.read(0, NS, ['k']);
  assert.equal(head, 1);
  assert.deepEqual(chain.ancestors, []);
  const { changes } = await bench.store.changesSince(0, 0, 10);
  assert.deepEqual(changes, [
    {
      namespaceId: '',
      partition: 0,
      position: { epoch: chain.epoch, number: 1 },
      author: undefined,
      tags: [],
      kind: 'epoch',
    },
  ]);
});

test('more keys than one script reads come in their order', async () => {
  await using bench = await openBench(rig);
  const keys = Array.from({ length: 1203 }, (_, i) => `k${i}`);
  await Promise.all([0, 499, 500, 1202].map((i) => bench.store.write(0, somePartitionWrite(`k${i}`))));
  const { found } = await bench.store.read(0, NS, keys);
  assert.equal(found.length, keys.length);
  for (const i of [0, 499, 500, 1202]) assert.equal(found[i]?.entry?.key, `k${i}`);
  assert.equal(found.filter(({ entry }) => entry !== undefined).length, 4);
});

test('metadata longer than what a change looks at first is kept in the log', async () => {
  await using bench = await openBench(rig);
  const tags = Array.from({ length: 16 }, (_, i) => `${i}-`.padEnd(128, 'x'));
  await bench.store.write(0, somePartitionWrite('k', { tags }));
  const { head } = await bench.store.remove(0, { namespaceId: NS, key: 'k', cause: 'deleted' });
  const { changes } = await bench.store.changesSince(0, head - 1, 10);
  assert.deepEqual(changes[0]?.tags, tags);
});

test('a read tells the newest watermark, and who asks which of them cover an entry is told those', async () => {
  await using bench = await openBench(rig);
  const { store } = bench;
  await store.write(0, somePartitionWrite('a:b/c', { tags: ['t'] }));
  const raise = async (selector: Parameters<typeof store.invalidate>[1]['selector'], mode: 'remove' | 'mark-stale') =>
    (await store.invalidate(0, { namespaceId: NS, selector, mode })).head;
  const stale = await raise({ kind: 'prefix', prefix: 'a:b/' }, 'mark-stale');
  const removed = await raise({ kind: 'tag', tag: 't' }, 'remove');
  await raise({ kind: 'prefix', prefix: 'a:x/' }, 'remove');
  const newest = await raise({ kind: 'key', key: 'other' }, 'remove');
  await store.write(0, somePartitionWrite('a:b/d', { tags: ['t'] }));
  assert.equal((await store.read(0, NS, ['a:b/c'])).newestWatermark, newest);
  assert.equal((await store.read(0, OTHER_NS, ['a:b/c'])).newestWatermark, 0);
  const entries = [
    { key: 'a:b/z', tags: ['t'] },
    { key: 'q', tags: [] },
  ];
  assert.deepEqual((await store.covering(0, NS, entries)).covering, [
    { removed, stale },
    { removed: 0, stale: 0 },
  ]);
  assert.equal((await store.covering(0, NS, [])).head, 7);
});

test('the table has every row, and the oldest fold into the namespace’s own at the bound', async () => {
  await using bench = await openBench(rig, { limits: { watermarksPerNamespaceMax: 4 } });
  const { store } = bench;
  for (let i = 0; i < 4; i++) {
    const mode = i === 0 ? 'mark-stale' : 'remove';
    await store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag: `t${i}` }, mode });
  }
  const names = async () =>
    (await store.table(0, NS)).rows.map(({ selector, removed, stale }) => [selector, removed, stale]);
  const tag = (i: number) => ({ kind: 'tag', tag: `t${i}` });
  assert.deepEqual(
    new Set(await names()),
    new Set([
      [tag(0), 0, 2],
      [tag(1), 3, 0],
      [tag(2), 4, 0],
      [tag(3), 5, 0],
    ]),
  );
  await store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag: 't4' }, mode: 'remove' });
  const folded = [
    [{ kind: 'namespace' }, 3, 2],
    [tag(2), 4, 0],
    [tag(3), 5, 0],
    [tag(4), 6, 0],
  ];
  assert.deepEqual(new Set(await names()), new Set(folded));
  assert.deepEqual((await store.table(0, NS)).head, 6);
});

test('a table larger than one part is read as a whole', async () => {
  await using bench = await openBench(rig);
  const tags = Array.from({ length: 5000 }, (_, i) => `t${i}`);
  const invalidate = (tag: string) =>
    bench.store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag }, mode: 'remove' });
  await invalidate('first');
  for (let from = 0; from < tags.length; from += 100) await Promise.all(tags.slice(from, from + 100).map(invalidate));
  const { rows } = await bench.store.table(0, NS);
  assert.equal(new Set(rows.map(({ selector }) => selector.kind === 'tag' && selector.tag)).size, 5001);
});

test('a list goes by the bytes of the keys, tells where it ended, and takes what is gone out of the index', async () => {
  await using bench = await openBench(rig);
  for (const key of ['b', 'é', 'a', 'B', '😀']) await bench.store.write(0, somePartitionWrite(key));
  await redis('DEL', `${bench.own}r:${NS}:a`);
  const page = await bench.store.list(0, NS, '', 3);
  assert.deepEqual(
    page.found.map(({ entry }) => entry?.key),
    ['B', 'b'],
  );
  assert.equal(page.next, 'b');
  assert.equal(await bench.store.count(0, NS), 4);
  const rest = await bench.store.list(0, NS, 'b', 3);
  assert.deepEqual(
    rest.found.map(({ entry }) => entry?.key),
    ['é', '😀'],
  );
  assert.equal(rest.next, undefined);
});

test('keys whose entries Redis removed leave the index as others are added', async () => {
  await using bench = await openBench(rig);
  const write = (i: number) => bench.store.write(0, somePartitionWrite(`k${i}`));
  for (let i = 0; i < 90; i++) await write(i);
  const records = Array.from({ length: 80 }, (_, i) => `${bench.own}r:${NS}:k${i}`);
  await redis('UNLINK', ...records);
  for (let i = 90; i < 100; i++) await write(i);
  await until(async () => (await bench.store.count(0, NS)) === 20);
});

test('a dropped namespace leaves nothing behind, and others keep theirs', async () => {
  await using bench = await openBench(rig);
  const other = 'other' as typeof NS;
  for (const namespaceId of [NS, other]) {
    for (let i = 0; i < 3; i++) await bench.store.write(0, somePartitionWrite(`k${i}`, { namespaceId }));
    await bench.store.invalidate(0, { namespaceId, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
  }
  await bench.store.drop(0, NS);
  const names = (await redis('KEYS', `${bench.own}*`)) as string[];
  assert.deepEqual(
    names.filter((name) => name.includes(`:${NS}`)),
    [],
  );
  assert.equal(await bench.store.count(0, other), 3);
  assert.equal((await bench.store.table(0, other)).rows.length, 1);
});

test('a doorbell brings changes as the log has them, and what is none is a gap', async () => {
  await using bench = await openBench(rig);
  const heard: Change[] = [];
  let gaps = 0;
  const onChange = (change: Change): void => void heard.push(change);
  await bench.store.listen(0, { onChange, onReleased: () => {}, onAsked: () => {}, onGap: () => gaps++ });
  const before = gaps;
  const author = { actor: 'a', origin: 'o', traceparent: '' };
  await bench.store.write(0, somePartitionWrite('k', { tags: ['t'], author }));
  await bench.store.invalidate(0, { namespaceId: NS, selector: { kind: 'namespace' }, mode: 'mark-stale' });
  await until(() => heard.length === 3);
  assert.deepEqual(heard, (await bench.store.changesSince(0, 0, 10)).changes);
  await redis('SPUBLISH', `${bench.own}bell`, 'nonsense');
  await until(() => gaps === before + 1);
});

test('a heartbeat brings a page after what was applied, and registers the node for a minute', async () => {
  let stoppedMs = 1_000_000;
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs });
  for (const key of ['a', 'b', 'c']) await bench.store.write(0, somePartitionWrite(key));
  const applied = { epoch: 'ab'.repeat(8) as Epoch, number: 2 };
  const beat = { after: 2, changesMax: 1, node: registration('node-1', { applied }) };
  const answer = await bench.store.beat(0, beat);
  assert.equal(answer.inForce, true);
  assert.equal(answer.head, 4);
  assert.deepEqual(
    answer.changes.map(({ position }) => position.number),
    [3],
  );
  assert.deepEqual((await bench.store.beat(0, { ...beat, after: undefined })).changes, []);
  stoppedMs += 60_001;
  await bench.store.beat(0, { ...beat, node: registration('node-2') });
  assert.deepEqual(await redis('HKEYS', `${bench.own}nodes`), ['since', 'node-2']);
});

test('scripts that the server forgot are sent again', async () => {
  await using bench = await openBench(rig);
  await bench.store.write(0, somePartitionWrite('k'));
  await redis('SCRIPT', 'FLUSH');
  await bench.store.write(0, somePartitionWrite('k'));
  await redis('SCRIPT', 'FLUSH');
  assert.equal((await bench.store.read(0, NS, ['k'])).found[0]?.entry?.position.number, 3);
});

test('a lease is void below the watermark that another partition told, of the same epoch', async () => {
  await using bench = await openBench(rig);
  const { chain, head } = await bench.store.read(0, NS, ['k']);
  const epoch = 'ab'.repeat(8) as Epoch;
  const seen = { epoch: chain.epoch, number: head };
  const wish = { namespaceId: NS, key: 'k', holdMs: 1000, seen, stamp: { epoch, number: 5 } };
  const ask = async (voidBelow: { epoch: Epoch; number: number } | undefined) =>
    (await bench.store.acquireLease(0, { ...wish, voidBelow })).kind;
  assert.equal(await ask({ epoch, number: 5 }), 'granted');
  assert.equal(await ask({ epoch, number: 5 }), 'held');
  assert.equal(await ask({ epoch: 'cd'.repeat(8) as Epoch, number: 9 }), 'held');
  assert.equal(await ask({ epoch, number: 6 }), 'granted');
});

test('a lease is refused to whom a change of the key has overtaken, also when its record is gone', async () => {
  await using bench = await openBench(rig);
  const { position } = appliedChange(await bench.store.write(0, somePartitionWrite('other')));
  const wish = { namespaceId: NS, key: 'k', holdMs: 1000, voidBelow: undefined, stamp: position };
  const { position: changed } = appliedChange(await bench.store.write(0, somePartitionWrite('k')));
  await redis('DEL', `${bench.own}r:${NS}:k`);
  assert.equal((await bench.store.acquireLease(0, { ...wish, seen: position })).kind, 'overtaken');
  assert.equal((await bench.store.acquireLease(0, { ...wish, seen: changed })).kind, 'granted');
});
