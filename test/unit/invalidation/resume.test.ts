// Goal: a stream that is opened with a token goes on exactly after it, or begins with a Reset. Method: a hub over a memory
// store; tokens of streams, of other moments, and such as nobody gave.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { authorOf } from '../../support/changes.ts';
import { type HubWorld, type Listener, openHubWorld, readAll, turns } from '../../support/hub-world.ts';
import { until } from '../../support/until.ts';

/** The token of the moment after a change, as any answer would give it. */
function tokenAfter(world: HubWorld, number: number, parts: { epoch?: string; namespaceId?: string } = {}): string {
  const [{ position, partition }] = world.store.heads() as [ReturnType<typeof world.store.heads>[0]];
  const epoch = (parts.epoch ?? position.epoch) as Epoch;
  const positions = [{ partition, position: { epoch, number } }];
  const namespaceId = parts.namespaceId ?? world.namespace.id;
  return world.tokens.seal({ namespaceId, givenAtMs: world.clock.nowMs(), positions });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function setMany(world: HubWorld, count: number): void {
  for (let i = 0; i < count; i++) world.set(`k${i}`);
}

async function heard(listener: Listener, count: number): Promise<void> {
  await until(() => listener.numbers.length >= count, { what: `${count} changes` });
}

describe('replay', () => {
  test('it begins exactly after the token, and Ready says so', async () => {
    const world = await openHubWorld();
    setMany(world, 10);
    const listener = world.subscribe({ resumeToken: tokenAfter(world, 4) });
    assert.deepEqual([listener.kinds[0], world.numberIn(listener.token)], ['ready', 4]);
    await turns();
    assert.deepEqual(listener.numbers, range(5, 10));
    assert.equal(world.numberIn(listener.token), 10);
    world.set('live');
    await turns();
    assert.deepEqual(listener.numbers, range(5, 11));
  });

  test('with the newest token there is nothing to replay', async () => {
    const world = await openHubWorld();
    setMany(world, 3);
    const listener = world.subscribe({ resumeToken: tokenAfter(world, 3) });
    await turns();
    assert.deepEqual(listener.kinds, ['ready']);
    world.set('live');
    await turns();
    assert.deepEqual(listener.numbers, [4]);
  });

  test('a token of this very turn is good', async () => {
    const world = await openHubWorld();
    const number = world.set('k');
    const listener = world.subscribe({ resumeToken: tokenAfter(world, number) });
    world.set('k');
    await turns();
    assert.deepEqual(listener.numbers, [number + 1]);
  });

  test('every token of a stream is good, and what comes after it is what came after it', async () => {
    const world = await openHubWorld();
    const first = world.subscribe();
    await turns();
    for (let i = 0; i < 5; i++) {
      world.set('a');
      world.set('b');
      await turns();
      world.clock.advance(1000);
      await turns();
    }
    for (const [index, { value }] of first.messages.entries()) {
      const told = first.messages.slice(0, index + 1).flatMap((m) => (m.$case === 'events' ? m.value.events : []));
      const resumed = world.subscribe({ resumeToken: value.token });
      await turns();
      assert.deepEqual(resumed.events, first.events.slice(told.length));
    }
  });

  test('several pages come whole, in order, in messages within the bound', async () => {
    const world = await openHubWorld();
    const token = tokenAfter(world, 0);
    setMany(world, 5000);
    const listener = world.subscribe({ resumeToken: token });
    await heard(listener, 5000);
    assert.deepEqual(listener.numbers, range(1, 5000));
    for (const bytes of listener.buffers) assert.ok(bytes.length < limits.eventsMessageBytesMax + 256);
  });

  test('changes that happen meanwhile come after it, once', async () => {
    const world = await openHubWorld();
    const token = tokenAfter(world, 0);
    setMany(world, 3000);
    const listener = world.subscribe({ resumeToken: token });
    for (let i = 0; i < 500; i++) {
      world.set('meanwhile');
      if (i % 5 === 0) await turns(1);
    }
    await heard(listener, 3500);
    await turns();
    assert.deepEqual(listener.numbers, range(1, 3500));
  });

  test('a slow reader is replayed at its own pace, however much happens', async () => {
    const world = await openHubWorld();
    const token = tokenAfter(world, 0);
    setMany(world, 2000);
    const listener = world.subscribe({ resumeToken: token, stalled: true });
    for (let i = 0; i < 20; i++) {
      setMany(world, 500);
      await turns();
      listener.read();
    }
    await turns();
    while (listener.numbers.length < 12_000) {
      await readAll(listener);
      await turns();
    }
    assert.deepEqual(listener.numbers, range(1, 12_000));
  });

  test('filter, own origin and namespace hold for the past as for the present', async () => {
    const world = await openHubWorld();
    const other = world.open('fedcba9876543210');
    const token = tokenAfter(world, 0);
    world.set('a:1');
    world.set('b:1');
    world.set('a:2', { author: authorOf('me') });
    world.set('a:3', { author: authorOf('you') });
    world.set('a:4', {}, other);
    const listener = world.subscribe({ prefixes: ['a:'], withoutOrigin: 'me', resumeToken: token });
    await turns();
    assert.deepEqual(listener.numbers, [1, 4]);
    assert.equal(world.numberIn(listener.token), 5);
  });

  test('a long past without anything that matters ends in progress', async () => {
    const world = await openHubWorld();
    const token = tokenAfter(world, 0);
    setMany(world, 3000);
    const listener = world.subscribe({ keys: ['none'], resumeToken: token });
    await turns(2);
    world.clock.advance(1000);
    assert.deepEqual(listener.kinds, ['ready'], 'not before its end: what is not read yet might matter');
    await turns(20);
    world.clock.advance(1000);
    assert.deepEqual(listener.kinds, ['ready', 'progress']);
    assert.equal(world.numberIn(listener.token), 3000);
  });

  test('progress waits until the past is told', async () => {
    const world = await openHubWorld();
    const token = tokenAfter(world, 0);
    setMany(world, 3);
    const listener = world.subscribe({ resumeToken: token, stalled: true });
    world.clock.advance(5000);
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events']);
  });
});

describe('a Reset instead', () => {
  const ring = { changesMax: 10, bytesMax: 1_000_000 };

  async function assertReset(world: HubWorld, resumeToken: string, reason: ResetReason): Promise<void> {
    const listener = world.subscribe({ resumeToken });
    await turns();
    // Ready carries a token that a caller keeps: what can't be honoured is said before it.
    const kinds = reason === ResetReason.TOKEN_UNUSABLE ? ['reset', 'ready'] : ['ready', 'reset'];
    assert.deepEqual(listener.kinds, kinds);
    const reset = listener.messages.find(({ $case }) => $case === 'reset');
    assert.ok(reset?.$case === 'reset');
    assert.equal(reset.value.reason, reason);
    const now = world.store.heads()[0]!.position.number;
    assert.equal(world.numberIn(reset.value.token), now);
    const next = world.set('next');
    await turns();
    assert.deepEqual(listener.numbers, [next], 'the stream goes on after the Reset');
  }

  test('the log reaches back as far as its ring; one further is HISTORY_GONE', async () => {
    const world = await openHubWorld(ring);
    setMany(world, 20);
    const reaches = world.subscribe({ resumeToken: tokenAfter(world, 10) });
    await turns();
    assert.deepEqual(reaches.numbers, range(11, 20));
    await assertReset(world, tokenAfter(world, 9), ResetReason.HISTORY_GONE);
    assert.equal(world.namespace.counters.streams.resets.historyGone, 1);
  });

  test('a replay that the log overtakes is HISTORY_GONE', async () => {
    const world = await openHubWorld({ ...ring, changesMax: 2000 });
    const token = tokenAfter(world, 0);
    setMany(world, 2000);
    const listener = world.subscribe({ resumeToken: token, stalled: true });
    listener.read();
    await turns();
    setMany(world, 2000);
    await readAll(listener);
    const reset = listener.messages.find(({ $case }) => $case === 'reset');
    assert.ok(reset?.$case === 'reset' && reset.value.reason === ResetReason.HISTORY_GONE);
    assert.deepEqual(listener.numbers, range(1, listener.numbers.length), 'what came before it has no gap');
    assert.equal(world.numberIn(reset.value.token), 4000);
  });

  const unusable: readonly [what: string, token: (world: HubWorld) => string][] = [
    ['garbage', () => 'garbage'],
    ['a token one character of which was changed', (world) => flipped(tokenAfter(world, 0))],
    ['a token of another namespace', (world) => tokenAfter(world, 0, { namespaceId: 'fedcba9876543210' })],
    ['a token of a change to come', (world) => tokenAfter(world, 100)],
    ['a token of a history that has ended', (world) => tokenAfter(world, 0, { epoch: 'f'.repeat(16) })],
    ['a text longer than any token', () => 'x'.repeat(limits.tokenBytesMax + 1)],
  ];
  for (const [what, tokenOf] of unusable) {
    test(`${what} is TOKEN_UNUSABLE`, async () => {
      const world = await openHubWorld();
      setMany(world, 3);
      await assertReset(world, tokenOf(world), ResetReason.TOKEN_UNUSABLE);
      assert.equal(world.namespace.counters.streams.resets.tokenUnusable, 1);
    });
  }
});

function flipped(token: string): string {
  const at = Math.floor(token.length / 2);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
