// Goal: the small rules of connections hold at their bounds. Method: examples, some from the cluster specification.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../../../../src/base/backoff.ts';
import { ownerOf, ownersOf, readClusterSlots, uncoveredSlots } from '../../../../src/store/redis/cluster-view.ts';
import { RECONNECTING } from '../../../../src/store/redis/connection/line.ts';
import { keySlot, SLOTS } from '../../../../src/store/redis/key-slot.ts';
import { majority } from '../../../../src/store/redis/majority.ts';
import { redirectOf } from '../../../../src/store/redis/redirect.ts';
import { serverFindings, versionText } from '../../../../src/store/redis/startup-server-rules.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

test('slots of keys are those of the specification', () => {
  assert.equal(keySlot('123456789'), 0x31c3 % SLOTS);
  assert.equal(keySlot('{user1000}.following'), keySlot('user1000'));
  assert.equal(keySlot('foo{}{bar}'), 8363);
  assert.equal(keySlot('foo{{bar}}zap'), keySlot('{bar'));
  assert.equal(keySlot('foo{bar}{zap}'), keySlot('bar'));
});

test('waits grow to a bound and are never all alike', () => {
  const random = new SeededRandom(1);
  const waits = Array.from({ length: 20 }, (_, failures) => backoffMs(RECONNECTING, failures, random));
  assert.ok(waits[0]! <= 25 && waits.every((ms) => ms > 0 && ms <= RECONNECTING.mostMs));
  assert.ok(new Set(waits.slice(5)).size > 10);
});

test('more than half decide', () => {
  const text = (answer: string): string => answer;
  assert.equal(majority([], text), undefined);
  assert.equal(majority(['a'], text), 'a');
  assert.equal(majority(['a', 'b'], text), undefined);
  assert.equal(majority(['b', 'a', 'a'], text), 'a');
  assert.equal(majority(['a', 'b', 'b', 'a'], text), undefined);
});

test('redirections are read, and nonsense is not followed', () => {
  const address = { host: '127.0.0.1', port: 6381 };
  assert.deepEqual(redirectOf('MOVED 3999 127.0.0.1:6381'), { kind: 'moved', slot: 3999, address });
  assert.deepEqual(redirectOf('ASK 0 ::1:7000'), { kind: 'ask', slot: 0, address: { host: '::1', port: 7000 } });
  for (const message of ['MOVED 16384 h:1', 'MOVED x h:1', 'MOVED 1 ?:1', 'MOVED 1 :1', 'ERR MOVED 1 h:1']) {
    assert.equal(redirectOf(message), undefined, message);
  }
});

test('a view of the slots is read; a host that is left out is the one that was asked', () => {
  const node = (host: string | undefined, port: number): unknown[] => [
    host && Buffer.from(host),
    port,
    Buffer.from('id'),
  ];
  const view = readClusterSlots(
    [
      [100, 16_383, node('b', 2), node('replica', 3)],
      [0, 98, node(undefined, 1)],
    ],
    { host: 'asked', port: 9 },
  );
  assert.deepEqual(ownerOf(view, 98), { host: 'asked', port: 1 });
  assert.deepEqual(ownerOf(view, 99), undefined);
  assert.deepEqual(ownerOf(view, 16_383), { host: 'b', port: 2 });
  assert.deepEqual([...ownersOf(view).keys()], ['asked:1', 'b:2']);
  assert.equal(uncoveredSlots(view, SLOTS), 1);
  assert.equal(readClusterSlots('nonsense', { host: 'asked', port: 9 }).ranges.length, 0);
});

function found(info: Record<string, string>): string[] {
  const healthy = { redis_version: '8.2.2', role: 'master', aof_enabled: '1', maxmemory_policy: 'noeviction' };
  return serverFindings(new Map(Object.entries({ ...healthy, ...info })), 'standalone').map(({ code }) => code);
}

test('versions are judged by their numbers, and by whose they are', () => {
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ redis_version: '6.2.14' }), ['version', 'vulnerable']);
  assert.deepEqual(found({ redis_version: '7.0.0' }), ['vulnerable']);
  assert.deepEqual(found({ redis_version: '7.4.6' }), []);
  assert.deepEqual(found({ redis_version: '7.4.5' }), ['vulnerable']);
  assert.deepEqual(found({ redis_version: '8.10.0' }), []);
  assert.deepEqual(found({ redis_version: '7.2.4', valkey_version: '8.1.4' }), []);
  assert.deepEqual(found({ redis_version: '7.2.4', valkey_version: '8.1.3' }), ['vulnerable']);
  assert.equal(
    versionText(
      new Map([
        ['redis_version', '7.2.4'],
        ['valkey_version', '8.1.4'],
      ]),
    ),
    'Valkey 8.1.4',
  );
});

test('settings that break promises are found', () => {
  assert.deepEqual(found({ maxmemory_policy: 'allkeys-lfu' }), ['eviction']);
  assert.deepEqual(found({ maxmemory_policy: 'volatile-lru' }), []);
  assert.deepEqual(found({ role: 'slave' }), ['role']);
  assert.deepEqual(found({ redis_mode: 'sentinel' }), ['shape']);
  assert.deepEqual(found({ cluster_enabled: '1' }), ['shape']);
  assert.deepEqual(found({ aof_enabled: '0' }), ['restart-empties']);
});
