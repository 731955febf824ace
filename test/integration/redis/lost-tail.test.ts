// Goal: a failover that loses the newest changes takes from the nodes what was lost and nothing else, and no number names
// two changes. Method: a replica that copied up to a known change takes over from a primary that went on; the nodes are
// led from the one to the other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OperatingError } from '../../../src/base/operating-error.ts';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import { put, refOf, textOf } from '../../suite/store/store-harness.ts';
import { openPairNodes, putAndHold } from '../../support/pair-nodes.ts';
import { isHeld, newsOf, nextNews, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';
import { withoutBells } from '../../support/wrap-partitions.ts';

function readAtLeast({ store }: StoreNode, key: string, moment: Moment) {
  return store.read(refOf(key), { kind: 'at-least', moment });
}

/** Waits until a node follows the fork, and may serve from L1 again. Returns the news of it. */
async function followed(node: StoreNode) {
  await until(() => newsOf(node, 'forked').length > 0, { what: 'the fork' });
  await untilPermitted(node);
  return newsOf(node, 'forked').at(-1)!;
}

describe('a failover that loses a tail', { concurrency: true }, () => {
  // R7.
  test('takes out of L1 what was lost and leaves the rest', async () => {
    await using nodes = await openPairNodes();
    const { pair, a, b } = nodes;
    await putAndHold([a, b], 'changed later', 'kept');
    const kept = await putAndHold([a, b], 'kept', 'kept');
    await pair.part();
    await putAndHold([a, b], 'new', 'lost');
    await putAndHold([a, b], 'changed later', 'lost');
    await pair.switchOver();
    for (const node of [a, b]) {
      assert.equal((await followed(node)).fork, kept.position.number);
      assert.ok(isHeld(node, 'kept'), 'what both histories share stays');
      assert.ok(!isHeld(node, 'new') && !isHeld(node, 'changed later'), 'what was lost goes');
      assert.equal(await textAt(node, 'new'), undefined);
      assert.equal(await textAt(node, 'changed later'), 'kept');
      assert.deepEqual(newsOf(node, 'restarted'), []);
    }
  });

  // R7: 20 298 numbers named two changes in six failovers without epochs.
  test('gives no revision to two changes', async () => {
    await using nodes = await openPairNodes();
    const { pair, a, b } = nodes;
    const names = new Map<string, string>();
    const note = async (node: StoreNode, value: string): Promise<number> => {
      const { position } = await put(node.store, 'k', { value: Buffer.from(value) });
      const name = `${position.epoch} ${position.number}`;
      assert.equal(names.get(name), undefined, 'a revision names one change, for ever');
      names.set(name, value);
      return position.number;
    };
    for (let i = 0; i < 5; i++) await note(a, `before ${i}`);
    await pair.part();
    let lost = 0;
    for (let i = 0; i < 20; i++) lost = await note(i % 2 === 0 ? a : b, `lost ${i}`);
    await pair.switchOver();
    await followed(a);
    await followed(b);
    let number = 0;
    for (let i = 0; number <= lost; i++) number = await note(i % 2 === 0 ? a : b, `after ${i}`);
    const { position } = (await a.store.read(refOf('k'), { kind: 'latest' })).entry!;
    assert.equal(names.get(`${position.epoch} ${position.number}`), await textAt(a, 'k'));
  });

  // Lesson 8: whoever saw more is told.
  test('makes tokens of what was lost unusable, and honours those of what was not', async () => {
    await using nodes = await openPairNodes();
    const { pair, a, b } = nodes;
    const before = await put(a.store, 'k');
    await pair.part();
    const lost = await put(a.store, 'k', { value: Buffer.from('lost') });
    await pair.switchOver();
    await followed(a);
    await followed(b);
    for (const node of [a, b]) {
      const unusable = { reason: 'TOKEN_UNUSABLE', detail: { metadata: { why: 'BEYOND_FORK' } } };
      await assert.rejects(async () => readAtLeast(node, 'k', lost.moment), unusable);
      assert.equal(textOf((await readAtLeast(node, 'k', before.moment)).entry?.value), 'value of k');
      const after = await put(node.store, 'l');
      assert.equal(textOf((await readAtLeast(node, 'l', after.moment)).entry?.value), 'value of l');
    }
  });

  // R7, R19: the fork lies beyond what the node has applied.
  test('that a lagging node had not seen takes nothing from it, and it catches up in order', async () => {
    await using nodes = await openPairNodes({ wrapB: withoutBells });
    const { pair, a, b } = nodes;
    await put(a.store, 'k');
    await b.store.caughtUp();
    await pair.part();
    const told = newsOf(b, 'changed').length;
    await pair.switchOver();
    const forked = await followed(b);
    assert.equal(forked.fork, newsOf(b, 'changed')[told - 1]!.change.position.number);
    await put(a.store, 'k');
    await until(() => newsOf(b, 'changed').length >= told + 2, { what: 'the epoch’s change and the Set' });
    const later = newsOf(b, 'changed').slice(told);
    assert.deepEqual(
      later.map(({ change: { kind, position } }) => [kind, position.epoch, position.number]),
      [
        ['epoch', forked.epoch, forked.fork + 1],
        ['set', forked.epoch, forked.fork + 2],
      ],
    );
  });

  // R7: a change of the lost tail that comes back by number must not be taken for one that was told.
  test('tells the watch the fork first, then what follows it', async () => {
    await using nodes = await openPairNodes();
    const { pair, a, b } = nodes;
    const { position: shared } = await put(a.store, 'k');
    await pair.part();
    for (let i = 0; i < 3; i++) await put(a.store, `lost ${i}`);
    await until(() => newsOf(b, 'changed').length === 4);
    const forked = nextNews(b, 'forked');
    await pair.switchOver();
    assert.equal((await forked).fork, shared.number);
    const { position } = await put(a.store, 'after');
    await until(() => newsOf(b, 'changed').some(({ change }) => 'key' in change && change.key === 'after'));
    const after = b.news.slice(b.news.findIndex(({ kind }) => kind === 'forked') + 1);
    const numbers = after.map((news) => (news.kind === 'changed' ? news.change.position.number : news.kind));
    const expected = Array.from({ length: position.number - shared.number }, (_, index) => shared.number + 1 + index);
    assert.deepEqual(numbers, expected);
  });

  // R8 without a Sentinel, as behind an address that a provider leads to another server: only the history tells.
  test('is never undone: the deposed primary is not believed when the address leads back to it', async () => {
    await using nodes = await openPairNodes({ tiered: { maxLagMs: 500 } });
    const { pair, a, b } = nodes;
    await put(a.store, 'k', { value: Buffer.from('kept') });
    await pair.part();
    await put(a.store, 'k', { value: Buffer.from('lost') });
    await pair.switchOver();
    await followed(a);
    await followed(b);
    const { position } = await put(b.store, 'k', { value: Buffer.from('after') });
    await until(() => a.store.heads()[0]!.position.number >= position.number);
    await pair.switchBack();
    const answers = new Set<string | undefined>();
    let refusedAfterProof = 0;
    const served = (): Promise<unknown> => put(b.store, 'acknowledged by the deposed one').catch(() => undefined);
    await until(async () => (await served()) !== undefined, { what: 'the deposed primary' });
    await until(async () => {
      const answer = await textAt(a, 'k').catch(({ reason }: OperatingError) => reason);
      answers.add(answer);
      if (answer === 'STORE_UNAVAILABLE') refusedAfterProof++;
      return refusedAfterProof === 50;
    });
    answers.delete('after');
    assert.deepEqual([...answers], ['STORE_UNAVAILABLE']);
    await pair.switchOver();
    await until(async () => (await textAt(a, 'k').catch(() => undefined)) === 'after');
    assert.deepEqual(newsOf(a, 'restarted'), []);
  });

  // R5 and R7: a watermark that was lost must not hide what is Set after it.
  test('takes a lost watermark back, and what was Set beside it is visible', async () => {
    await using nodes = await openPairNodes();
    const { pair, a, b } = nodes;
    await pair.part();
    const selector = { kind: 'tag', tag: 't' } as const;
    const change = { namespaceId: refOf('').namespaceId, selector, mode: 'remove' } as const;
    for (let i = 0; i < 10; i++) await put(a.store, `lost ${i}`);
    await a.store.invalidate(change);
    await pair.switchOver();
    await followed(a);
    await until(() => a.store.counts.reissued === 1, { what: 'the invalidation, made again' });
    await put(a.store, 'k', { tags: ['t'] });
    await b.store.caughtUp();
    for (const node of [a, b]) assert.equal(await textAt(node, 'k'), 'value of k');
  });
});
