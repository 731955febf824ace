// Goal: a tail applies every change of its log once and in order, or says that it can't, and L1 loses what must go and no
// more. Method: doorbells and pages by hand, over real views, L1 and watermarks; random losses and repeats.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Change, News } from '../../../../src/store/store.ts';
import type { Home } from '../../../../src/store/tiered/home.ts';
import { PartitionView } from '../../../../src/store/tiered/partition-view.ts';
import { recentKey } from '../../../../src/store/tiered/recent-key.ts';
import { sweepTier, Tail, type ToldPage } from '../../../../src/store/tiered/tail.ts';
import { EPOCH, invalidation, keyChange, NAMESPACE_ID } from '../../../support/changes.ts';
import { checkProperty } from '../../../support/check-property.ts';
import { CHAIN, entryOf, FOREIGN_CHAIN, forkedAt, heldKeys, homeOn, NEXT_EPOCH, toldOf, viewFrom } from './builders.ts';

/** Returns the tail of a view, with the namespaces that are open, and what it tells. */
function tailOf(view: PartitionView, ...homes: readonly Home[]) {
  const news: News[] = [];
  const tail = new Tail({
    view,
    homes: () => homes,
    homeOf: ({ namespaceId }) => homes.find(({ id }) => id === namespaceId),
    tell: (one) => news.push(one),
    monotonicMs: () => 0,
  });
  const told = (): (number | string)[] =>
    news.map((one) => (one.kind === 'changed' ? one.change.position.number : one.kind));
  return { tail, view, news, told };
}

/** Returns a page, told by a primary in force. */
function pageOf(head: number, changes: readonly Change[], parts: Partial<ToldPage> = {}): ToldPage {
  return { ...toldOf(head), inForce: true, changes, ...parts };
}

function sets(...numbers: readonly number[]): Change[] {
  return numbers.map((number) => keyChange(number, `k${number}`));
}

/** Returns a namespace whose control partition holds a watermark table of `CHAIN`. */
function withTable(home: Home, head: number): Home {
  home.watermarks.take(home.watermarks.ask(head), { chain: CHAIN, head, rows: [] });
  return home;
}

describe('a doorbell', () => {
  test('with the very next change is applied and told', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    assert.equal(tail.ring(keyChange(5, 'k')), true);
    assert.deepEqual([view.applied, told()], [5, [5]]);
  });

  test('beyond a hole applies nothing, and says that a page is needed', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    assert.equal(tail.ring(keyChange(6, 'k')), false);
    assert.deepEqual([view.applied, told()], [4, []]);
  });

  test('that comes twice is told once', () => {
    const { tail, told } = tailOf(viewFrom(4));
    for (let i = 0; i < 2; i++) assert.equal(tail.ring(keyChange(5, 'k')), true);
    assert.equal(tail.ring(keyChange(3, 'k')), true);
    assert.deepEqual(told(), [5]);
  });

  test('of another epoch, older or newer, is not believed', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    assert.equal(tail.ring({ ...keyChange(5, 'k'), position: { epoch: NEXT_EPOCH, number: 5 } }), false);
    assert.equal(tail.ring({ ...keyChange(3, 'k'), position: { epoch: NEXT_EPOCH, number: 3 } }), false);
    assert.deepEqual([view.applied, told()], [4, []]);
  });

  test('before the first heartbeat needs a page', () => {
    const { tail } = tailOf(new PartitionView(0, { recentKeysMax: 10 }));
    assert.equal(tail.ring(keyChange(1, 'k')), false);
  });
});

describe('a page', () => {
  test('of a primary in force begins the history at its head, and tells nothing', () => {
    const { tail, view, told } = tailOf(new PartitionView(0, { recentKeysMax: 10 }));
    tail.takePage({ chain: undefined, after: 0 }, pageOf(9, [], { inForce: false }));
    assert.equal(view.chain, undefined);
    tail.takePage({ chain: undefined, after: 0 }, pageOf(9, []));
    assert.deepEqual([view.applied, view.chain, told()], [9, CHAIN, []]);
  });

  test('of the same history goes on, without what doorbells brought meanwhile', () => {
    const { tail, told } = tailOf(viewFrom(4));
    tail.ring(keyChange(5, 'k5'));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(7, sets(5, 6, 7)));
    assert.deepEqual(told(), [5, 6, 7]);
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(6, sets(5, 6)));
    tail.takePage({ chain: CHAIN, after: 7 }, pageOf(7, []));
    assert.deepEqual(told(), [5, 6, 7]);
  });

  test('that asked by the numbers of an epoch that has ended is not taken', () => {
    const { tail, view } = tailOf(viewFrom(4));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(3, [], { chain: forkedAt(2) }));
    assert.equal(view.applied, 2);
    const { chain } = view;
    const late = sets(5, 6).map((change) => ({ ...change, position: { ...change.position, epoch: NEXT_EPOCH } }));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(6, late, { chain: forkedAt(2) }));
    assert.deepEqual([view.applied, view.chain], [2, chain]);
  });

  test('with a hole gives the history up: all that is cached goes, and whoever watches is told', () => {
    const view = viewFrom(4);
    const home = withTable(homeOn(view), 4);
    const { tail, news } = tailOf(view, home);
    home.tier.keep(entryOf('k', 2), 0);
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(9, sets(8, 9)));
    assert.deepEqual([view.applied, heldKeys(home, ['k']), home.watermarks.last], [9, [], undefined]);
    assert.equal(view.recent.newestOf('any'), 9);
    assert.deepEqual(news, [{ kind: 'restarted', partition: 0, position: { epoch: EPOCH, number: 9 } }]);
  });

  test('whose head lies before what was asked for is of a log that went back: the history is given up', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(3, []));
    assert.deepEqual([view.applied, told()], [3, ['restarted']]);
  });

  test('of a deposed primary is not taken', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(4, [], { chain: forkedAt(4) }));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(6, sets(5, 6)));
    assert.deepEqual([view.applied, told()], [4, ['forked']]);
    assert.equal(view.chain!.epoch, NEXT_EPOCH);
  });

  test('of an unrelated history begins anew if its primary is in force, else nothing', () => {
    const { tail, view, news } = tailOf(viewFrom(4));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(2, [], { chain: FOREIGN_CHAIN, inForce: false }));
    assert.equal(view.chain, CHAIN);
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(2, [], { chain: FOREIGN_CHAIN }));
    const position = { epoch: FOREIGN_CHAIN.epoch, number: 2 };
    assert.deepEqual(news, [{ kind: 'restarted', partition: 0, position }]);
  });
});

describe('a fork', () => {
  test('takes from L1 what lies beyond it, entries and absences, and keeps the rest', () => {
    const view = viewFrom(8);
    const home = homeOn(view);
    const { tail, news } = tailOf(view, home);
    for (const number of [5, 6]) home.tier.keep(entryOf(`e${number}`, number), 0);
    for (const number of [5, 6]) home.tier.keepAbsence(`a${number}`, { number, cause: 'unknown', goneAtMs: 1 }, 0);
    tail.takePage({ chain: CHAIN, after: 8 }, pageOf(6, [], { chain: forkedAt(5) }));
    assert.deepEqual(heldKeys(home, ['e5', 'e6']), ['e5']);
    assert.deepEqual([home.tier.absence('a5', 0)?.number, home.tier.absence('a6', 0)], [5, undefined]);
    assert.deepEqual(news, [{ kind: 'forked', partition: 0, epoch: NEXT_EPOCH, fork: 5 }]);
  });

  test('ahead of the tail is told as where the tail is: nothing beyond it was told', () => {
    const { tail, view, news } = tailOf(viewFrom(4));
    tail.takePage({ chain: CHAIN, after: 4 }, pageOf(9, [], { chain: forkedAt(8) }));
    assert.deepEqual(news, [{ kind: 'forked', partition: 0, epoch: NEXT_EPOCH, fork: 4 }]);
    assert.equal(view.applied, 4);
  });

  test('of the control partition ends its table, and the one on its way; of another partition neither', () => {
    const [control, other] = [viewFrom(8, 0), viewFrom(8, 1)];
    const home = withTable(homeOn(control, other), 8);
    tailOf(other, home).tail.takePage({ chain: CHAIN, after: 8 }, pageOf(6, [], { chain: forkedAt(5) }));
    assert.ok(home.watermarks.control(control.chain));
    const asked = home.watermarks.ask(8);
    tailOf(control, home).tail.takePage({ chain: CHAIN, after: 8 }, pageOf(6, [], { chain: forkedAt(5) }));
    assert.equal(home.watermarks.control(control.chain), undefined);
    assert.equal(home.watermarks.isWanted(asked, { chain: forkedAt(5), head: 9, rows: [] }, control.chain), false);
  });

  test('or a lost history of one partition leaves the keys of the others where they are', () => {
    const [control, other] = [viewFrom(8, 0), viewFrom(8, 1)];
    const home = withTable(homeOn(control, other), 8);
    const keys = ['k0', 'k1'];
    for (const key of keys) home.tier.keep(entryOf(key, 7), 0);
    tailOf(other, home).tail.takePage({ chain: CHAIN, after: 8 }, pageOf(6, [], { chain: forkedAt(5) }));
    assert.deepEqual(heldKeys(home, keys), ['k0']);
    home.tier.keep(entryOf('k1', 3), 0);
    tailOf(other, home).tail.takePage({ chain: forkedAt(5), after: 5 }, pageOf(9, [], { chain: FOREIGN_CHAIN }));
    assert.deepEqual(heldKeys(home, keys), ['k0']);
    assert.ok(home.watermarks.last);
  });

  test('a lost history of the control partition takes all of the namespace: nothing can be judged', () => {
    const [control, other] = [viewFrom(8, 0), viewFrom(8, 1)];
    const home = withTable(homeOn(control, other), 8);
    for (const key of ['k0', 'k1']) home.tier.keep(entryOf(key, 7), 0);
    tailOf(control, home).tail.takePage({ chain: CHAIN, after: 8 }, pageOf(9, [], { chain: FOREIGN_CHAIN }));
    assert.deepEqual([heldKeys(home, ['k0', 'k1']), home.watermarks.last], [[], undefined]);
  });
});

describe('a change', () => {
  for (const kind of ['set', 'touch', 'delete'] as const) {
    test(`of kind ${kind} drops what L1 holds of its key from before, and no fill from before enters`, () => {
      const view = viewFrom(4);
      const home = homeOn(view);
      const { tail } = tailOf(view, home);
      for (const key of ['k', 'other']) home.tier.keep(entryOf(key, 4), 0);
      tail.ring(keyChange(5, 'k', { kind }));
      assert.deepEqual(heldKeys(home, ['k', 'other']), ['other']);
      assert.equal(view.recent.newestOf(recentKey(NAMESPACE_ID, 'k')), 5);
      assert.equal(view.recent.newestOf(recentKey(NAMESPACE_ID, 'other')), 4);
    });
  }

  test('does not drop what this node wrote itself, by the change or after it', () => {
    const view = viewFrom(4);
    const home = homeOn(view);
    const { tail } = tailOf(view, home);
    home.tier.keep(entryOf('same', 5), 0);
    home.tier.keep(entryOf('later', 7), 0);
    tail.ring(keyChange(5, 'same'));
    tail.ring(keyChange(6, 'later'));
    assert.deepEqual(heldKeys(home, ['same', 'later']), ['same', 'later']);
  });

  test('that removes a key by invalidation drops it, as a change of one key', () => {
    const view = viewFrom(4);
    const home = withTable(homeOn(view), 4);
    home.tier.keep(entryOf('k', 4), 0);
    tailOf(view, home).tail.ring(invalidation(5, { kind: 'key', key: 'k' }));
    assert.deepEqual(heldKeys(home, ['k']), []);
    assert.equal(home.watermarks.last!.watermarks.size, 0);
  });

  test('that marks a key stale drops nothing: it raises the key’s watermark', () => {
    const view = viewFrom(4);
    const home = withTable(homeOn(view), 4);
    home.tier.keep(entryOf('k', 4), 0);
    tailOf(view, home).tail.ring(invalidation(5, { kind: 'key', key: 'k' }, { mode: 'mark-stale' }));
    assert.deepEqual(heldKeys(home, ['k']), ['k']);
    const covering = home.watermarks.last!.watermarks.covering({ key: 'k', tags: [] });
    assert.deepEqual(covering, { removed: 0, stale: 5 });
    assert.equal(view.recent.newestOf(recentKey(NAMESPACE_ID, 'k')), 4);
  });

  test('that is wide drops nothing: every read judges', () => {
    const view = viewFrom(4);
    const home = withTable(homeOn(view), 4);
    home.tier.keep(entryOf('k', 4, { tags: ['t'] }), 0);
    tailOf(view, home).tail.ring(invalidation(5, { kind: 'tag', tag: 't' }));
    assert.deepEqual(heldKeys(home, ['k']), ['k']);
    assert.equal(home.watermarks.last!.watermarks.newest, 5);
  });

  test('of a namespace that is not open here, or of a new epoch, is told and counted', () => {
    const { tail, view, told } = tailOf(viewFrom(4));
    const { position, ...place } = keyChange(5, 'k');
    tail.ring(keyChange(5, 'k'));
    tail.ring({ ...place, kind: 'epoch', position: { ...position, number: 6 } });
    tail.ring(invalidation(7, { kind: 'namespace' }));
    assert.deepEqual([view.applied, told()], [7, [5, 6, 7]]);
  });
});

test('a sweep drops what the watermarks hide or mark, and what they can’t judge; absences stay', () => {
  const home = homeOn(viewFrom(9));
  const { tier, watermarks } = home;
  const entry = (key: string, tags: readonly string[], number = 4): void =>
    tier.keep(entryOf(key, number, { tags }), 0);
  entry('removed', ['t']);
  entry('marked', ['u']);
  entry('visible', []);
  entry('written after', ['t'], 9);
  tier.keep(entryOf('foreign', 9, { stamp: { epoch: FOREIGN_CHAIN.epoch, number: 9 } }), 0);
  tier.keepAbsence('absent', { number: 4, cause: 'unknown', goneAtMs: 1 }, 0);
  sweepTier(home, 0);
  const keys = ['removed', 'marked', 'visible', 'written after', 'foreign'];
  assert.deepEqual(heldKeys(home, keys), keys, 'without a table nothing is judged');
  const asked = watermarks.ask(9);
  watermarks.take(asked, { chain: CHAIN, head: 4, rows: [] });
  watermarks.raise(invalidation(8, { kind: 'tag', tag: 't' }), 0);
  watermarks.raise(invalidation(9, { kind: 'tag', tag: 'u' }, { mode: 'mark-stale' }), 0);
  sweepTier(home, 0);
  assert.deepEqual(heldKeys(home, keys), ['visible', 'written after']);
  assert.ok(tier.absence('absent', 0));
});

const events = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('ring'), at: fc.nat(30), size: fc.constant(0) }),
    fc.record({ kind: fc.constant('page'), at: fc.nat(30), size: fc.integer({ min: 1, max: 10 }) }),
  ),
  { maxLength: 60 },
);

test('however doorbells are lost, late, repeated and out of order, changes are told once and in order', () => {
  checkProperty(
    fc.property(fc.nat(30), events, (head, happened) => {
      const log = sets(...Array.from({ length: head }, (_, index) => index + 1));
      const { tail, view, told } = tailOf(viewFrom(0));
      for (const { kind, at, size } of happened) {
        const change = log[at];
        // A page was asked for when the tail was somewhere before where it is now.
        const after = Math.min(at, view.applied);
        if (kind === 'page') tail.takePage({ chain: CHAIN, after }, pageOf(head, log.slice(after, after + size)));
        else if (change !== undefined) assert.equal(tail.ring(change), change.position.number <= view.applied);
      }
      const lacking = log.slice(view.applied);
      tail.takePage({ chain: CHAIN, after: view.applied }, pageOf(head, lacking));
      assert.deepEqual(
        told(),
        log.map(({ position }) => position.number),
      );
    }),
  );
});
