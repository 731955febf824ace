// Goal: the laws of positions, watermarks, stamps, tokens and fences, for any spread and any chain of epochs. Method:
// random histories against the laws as the rules' comments state them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type EpochChain, effectiveNumber, forkChain, inHistory } from '../../src/cache/rules/epoch-chain.ts';
import { fenceStands } from '../../src/cache/rules/fence.ts';
import { positionIn } from '../../src/cache/rules/moment.ts';
import type { Epoch, Position } from '../../src/cache/rules/position.ts';
import { scopePrefixes } from '../../src/cache/rules/scope-prefix.ts';
import { covers, type InvalidationMode, type Selector } from '../../src/cache/rules/selector.ts';
import { earliestPositions, joinPositions, type Placed, tokenFault } from '../../src/cache/rules/token.ts';
import { judge, type Visibility } from '../../src/cache/rules/visibility.ts';
import { WatermarkTable } from '../../src/cache/rules/watermark-table.ts';
import { checkProperty } from '../support/check-property.ts';

const epochs = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(16) as Epoch);
const numbers = fc.integer({ min: 1, max: 30 });
const epoch = fc.constantFrom(...epochs);
const position: fc.Arbitrary<Position> = fc.record({ epoch, number: numbers }, { noNullPrototype: true });

/** A chain that grew by up to three forks, each at a number the history had reached. */
const chain: fc.Arbitrary<EpochChain> = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }).map((forks) =>
  forks.reduce<EpochChain>((grown, fork, index) => forkChain(grown, epochs[index + 1]!, fork), {
    epoch: epochs[0]!,
    ancestors: [],
  }),
);

const tag = fc.constantFrom('t', 'u', 'v');
const key = fc.constantFrom('a', 'a:1', 'a:b:2', 'a/b', 'b:1');
const entry = fc.record({ key, tags: fc.uniqueArray(tag) });
const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'namespace' }),
  fc.constantFrom('a:', 'a:b:', 'a/', 'b:').map((prefix): Selector => ({ kind: 'prefix', prefix })),
  tag.map((name): Selector => ({ kind: 'tag', tag: name })),
  key.map((name): Selector => ({ kind: 'key', key: name })),
);
const mode = fc.constantFrom<InvalidationMode>('remove', 'mark-stale');
const invalidations = fc.array(fc.record({ selector, mode, number: numbers }), { maxLength: 12 });

type Raised = { readonly selector: Selector; readonly mode: InvalidationMode; readonly number: number };

function tableOf(raised: readonly Raised[], rowsMax = 1000): WatermarkTable {
  const table = new WatermarkTable(rowsMax);
  for (const { selector: what, mode: how, number } of raised) table.raise(what, how, number, 0);
  return table;
}

const darkness: Record<Visibility, number> = { visible: 0, 'marked-stale': 1, removed: 2 };
const soloChain: EpochChain = { epoch: epochs[0]!, ancestors: [] };
const at = (number: number): Position => ({ epoch: epochs[0]!, number });

describe('epoch chain', () => {
  test('an effective number is never greater than the number, and grows with it', () => {
    checkProperty(
      fc.property(chain, epoch, numbers, numbers, (grown, of, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const effectiveLow = effectiveNumber(grown, { epoch: of, number: low });
        const effectiveHigh = effectiveNumber(grown, { epoch: of, number: high });
        if (effectiveLow === undefined || effectiveHigh === undefined) {
          assert.equal(effectiveLow, effectiveHigh);
          return;
        }
        assert.ok(effectiveLow <= low && effectiveLow <= effectiveHigh);
      }),
    );
  });

  test('a later fork never makes a position count for more, and the fork point itself is kept', () => {
    checkProperty(
      fc.property(chain, position, fc.integer({ min: 0, max: 30 }), (grown, where, fork) => {
        const before = effectiveNumber(grown, where);
        const after = effectiveNumber(forkChain(grown, 'e'.repeat(16) as Epoch, fork), where);
        assert.equal(after, before === undefined ? undefined : Math.min(before, fork));
      }),
    );
  });

  test('only the newest ancestors are kept, and a forgotten epoch is unknown', () => {
    const forked = forkChain(forkChain(soloChain, epochs[1]!, 5, 1), epochs[2]!, 7, 1);
    assert.equal(effectiveNumber(forked, at(3)), undefined);
    assert.equal(inHistory(forked, { epoch: epochs[1]!, number: 7 }), true);
    assert.equal(inHistory(forked, { epoch: epochs[1]!, number: 8 }), false);
  });
});

describe('watermarks and stamps', () => {
  test('NoResurrection and WriteVisible: a REMOVE hides exactly the covered entries stamped below it', () => {
    checkProperty(
      fc.property(entry, selector, numbers, numbers, (what, by, number, stamp) => {
        const control = { chain: soloChain, watermarks: tableOf([{ selector: by, mode: 'remove', number }]) };
        const hidden = covers(by, what) && stamp < number;
        assert.equal(judge(control, at(stamp), what), hidden ? 'removed' : 'visible');
      }),
    );
  });

  test('the verdict is that of the worst single watermark, in whatever order they came', () => {
    checkProperty(
      fc.property(entry, invalidations, numbers, (what, raised, stamp) => {
        const verdicts = raised.map((one): Visibility => {
          if (!covers(one.selector, what) || stamp >= one.number) return 'visible';
          return one.mode === 'remove' ? 'removed' : 'marked-stale';
        });
        const worst = Math.max(0, ...verdicts.map((verdict) => darkness[verdict]));
        for (const order of [raised, [...raised].reverse()]) {
          const control = { chain: soloChain, watermarks: tableOf(order) };
          assert.equal(darkness[judge(control, at(stamp), what)], worst);
        }
      }),
    );
  });

  test('raising a watermark never makes an entry more visible; a later stamp never less', () => {
    checkProperty(
      fc.property(entry, invalidations, invalidations, numbers, numbers, (what, some, more, a, b) => {
        const judged = (raised: readonly Raised[], stamp: number): number =>
          darkness[judge({ chain: soloChain, watermarks: tableOf(raised) }, at(stamp), what)];
        assert.ok(judged([...some, ...more], a) >= judged(some, a));
        assert.ok(judged(some, Math.max(a, b)) <= judged(some, Math.min(a, b)));
      }),
    );
  });

  test('a full table folds: it hides more than it should, never less, and stays bounded', () => {
    checkProperty(
      fc.property(entry, invalidations, numbers, fc.integer({ min: 2, max: 5 }), (what, raised, stamp, max) => {
        const roomy = { chain: soloChain, watermarks: tableOf(raised) };
        const tight = { chain: soloChain, watermarks: tableOf(raised, max) };
        assert.ok(tight.watermarks.size <= max);
        assert.ok(darkness[judge(tight, at(stamp), what)] >= darkness[judge(roomy, at(stamp), what)]);
      }),
    );
  });

  test('a fold keeps what was changed last', () => {
    const table = new WatermarkTable(3);
    for (const number of [1, 2, 3, 4]) table.raise({ kind: 'tag', tag: `t${number}` }, 'remove', number, 0);
    assert.equal(table.folds, 1);
    const control = { chain: soloChain, watermarks: table };
    assert.equal(judge(control, at(1), { key: 'k', tags: [] }), 'removed', 'folded watermarks cover everything');
    assert.equal(judge(control, at(2), { key: 'k', tags: [] }), 'visible');
    assert.equal(judge(control, at(3), { key: 'k', tags: ['t4'] }), 'removed');
  });

  test('pruning forgets only rows that are both swept and old', () => {
    const table = new WatermarkTable();
    table.raise({ kind: 'tag', tag: 'swept-old' }, 'remove', 1, 100);
    table.raise({ kind: 'tag', tag: 'swept-young' }, 'remove', 2, 900);
    table.raise({ kind: 'prefix', prefix: 'a:' }, 'mark-stale', 3, 100);
    table.prune(2, 500);
    assert.equal(table.size, 2);
    const control = { chain: soloChain, watermarks: table };
    assert.equal(judge(control, at(0), { key: 'k', tags: ['swept-old'] }), 'visible');
    assert.equal(judge(control, at(0), { key: 'k', tags: ['swept-young'] }), 'removed');
    assert.equal(judge(control, at(0), { key: 'a:k', tags: [] }), 'marked-stale');
  });

  test('a stamp from an unknown epoch is never visible; one from an ancestor counts up to the fork', () => {
    checkProperty(
      fc.property(chain, position, entry, selector, numbers, (grown, stamp, what, by, number) => {
        const control = { chain: grown, watermarks: tableOf([{ selector: by, mode: 'remove', number }]) };
        const seen = effectiveNumber(grown, stamp);
        const hidden = seen === undefined || (covers(by, what) && seen < number);
        assert.equal(judge(control, stamp, what), hidden ? 'removed' : 'visible');
      }),
    );
  });
});

describe('tokens', () => {
  const placed: fc.Arbitrary<Placed> = fc.record(
    { partition: fc.integer({ min: 0, max: 2 }), position },
    { noNullPrototype: true },
  );

  test('joining is commutative, associative and idempotent, and keeps one position a partition', () => {
    checkProperty(
      fc.property(chain, fc.array(placed), fc.array(placed), (grown, some, others) => {
        const known = (list: readonly Placed[]): Placed[] =>
          list.filter(({ position: { epoch: of } }) => effectiveNumber(grown, { epoch: of, number: 1 }) !== undefined);
        const [a, b] = [known(some), known(others)];
        const join = (...lists: (readonly Placed[])[]): readonly Placed[] => joinPositions(lists.flat(), () => grown);
        assert.deepEqual(join(a, b), join(b, a));
        assert.deepEqual(join(join(a), b), join(a, join(b)));
        assert.deepEqual(join(a, a), join(a));
        assert.equal(new Set(join(a, b).map(({ partition }) => partition)).size, join(a, b).length);
      }),
    );
  });

  test('the earliest positions are what each of several reads had seen: joined with any of them they add nothing', () => {
    checkProperty(
      fc.property(chain, fc.array(placed, { minLength: 1 }), (grown, some) => {
        const reads = some.map(({ partition, position: { number } }) => {
          return { partition, position: { epoch: grown.epoch, number } };
        });
        const earliest = earliestPositions(reads, () => grown);
        for (const read of reads) {
          const joined = joinPositions([read, ...earliest], () => grown);
          assert.deepEqual(positionIn(joined, read.partition), read.position);
        }
        assert.ok(earliest.every((each) => reads.includes(each)));
        assert.deepEqual(
          earliestPositions(reads.toReversed(), () => grown),
          earliest,
        );
      }),
    );
  });

  test('a token is honoured exactly while all that it names is part of the history and has happened', () => {
    checkProperty(
      fc.property(chain, fc.array(placed), numbers, (grown, positions, head) => {
        const token = { namespaceId: 'n', givenAtMs: 0, positions };
        const fault = tokenFault(token, 'n', () => ({ chain: grown, head }));
        const fine = positions.every(({ position: where }) => inHistory(grown, where) && where.number <= head);
        assert.equal(fault === undefined, fine);
        assert.equal(
          tokenFault(token, 'other', () => ({ chain: grown, head })),
          'OTHER_NAMESPACE',
        );
      }),
    );
  });
});

describe('fences', () => {
  const facts = fc.record({ newestChange: numbers, floor: numbers, nowMs: fc.integer({ min: 0, max: 1_200_000 }) });

  test('a fence stands iff nothing newer is known or may have been forgotten, and falls for good', () => {
    checkProperty(
      fc.property(numbers, facts, fc.integer({ min: 0, max: 600_000 }), (head, known, laterMs) => {
        const fence = { head: at(head), givenAtMs: 0 };
        const stands = fenceStands(fence, { ...known, chain: soloChain });
        const expected = known.nowMs <= 600_000 && known.newestChange <= head && known.floor <= head;
        assert.equal(stands, expected);
        const later = {
          chain: soloChain,
          newestChange: known.newestChange + 1,
          floor: known.floor,
          nowMs: known.nowMs + laterMs,
        };
        if (!stands) assert.equal(fenceStands(fence, later), false);
      }),
    );
  });

  test('a fence beyond a fork, or of an unknown epoch, has fallen', () => {
    const forked = forkChain(soloChain, epochs[1]!, 5);
    const quiet = { chain: forked, newestChange: 0, floor: 0, nowMs: 0 };
    assert.equal(fenceStands({ head: at(5), givenAtMs: 0 }, quiet), true);
    assert.equal(fenceStands({ head: at(6), givenAtMs: 0 }, quiet), false);
    assert.equal(fenceStands({ head: { epoch: epochs[3]!, number: 1 }, givenAtMs: 0 }, quiet), false);
  });
});

describe('scope prefixes', () => {
  test('each is a prefix of the key that ends in a separator, shortest first, eight at most', () => {
    checkProperty(
      fc.property(fc.string({ unit: fc.constantFrom('a', ':', '/', 'é') }), (text) => {
        const prefixes = scopePrefixes(text);
        assert.ok(prefixes.length <= 8);
        prefixes.forEach((prefix, index) => {
          assert.ok(text.startsWith(prefix) && /[:/]$/.test(prefix));
          if (index > 0) assert.ok(prefix.length > prefixes[index - 1]!.length);
        });
        assert.equal(prefixes.length, Math.min(8, text.split(/[:/]/).length - 1));
      }),
    );
  });
});
