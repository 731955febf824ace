// Goal: the laws of the rules by which nodes of a fleet agree: epochs, permits, fences, forks, re-issue, near caches.
// Method: random facts against the laws as the rules' comments state them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { drops, mayKeep, type NearChange } from '../../clients/typescript/src/near/near-rule.ts';
import { type EpochChain, forkChain } from '../../src/cache/rules/epoch-chain.ts';
import { epochStep } from '../../src/cache/rules/epoch-step.ts';
import { mayFill, overtakes } from '../../src/cache/rules/fill-fence.ts';
import { clampToFork, survivesFork } from '../../src/cache/rules/fork.ts';
import { leaseIdOf, leaseStands, mayGrant } from '../../src/cache/rules/lease.ts';
import { newLineage } from '../../src/cache/rules/lineage.ts';
import { logStep } from '../../src/cache/rules/log-step.ts';
import { onceStep } from '../../src/cache/rules/once.ts';
import { mayReadThrough, permitHolds, provesTail } from '../../src/cache/rules/permit.ts';
import { plainStamp } from '../../src/cache/rules/plain-stamp.ts';
import type { Epoch, Position } from '../../src/cache/rules/position.ts';
import { RecentChanges } from '../../src/cache/rules/recent-changes.ts';
import { reissueStep } from '../../src/cache/rules/reissue.ts';
import { resumeStep } from '../../src/cache/rules/resume.ts';
import { mayJoin } from '../../src/cache/rules/single-flight.ts';
import { settledBeforeMs, sweepCounts, sweepVerdict } from '../../src/cache/rules/sweep-pass.ts';
import { canJudge, judge, judgeAgainst } from '../../src/cache/rules/visibility.ts';
import { WatermarkTable } from '../../src/cache/rules/watermark-table.ts';
import { mayKeepOwn } from '../simulation/near/keep-own.ts';
import { checkProperty } from '../support/check-property.ts';

const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(16) as Epoch);
const number = fc.integer({ min: 0, max: 20 });
const time = fc.integer({ min: 0, max: 100 });
const at = (epoch: Epoch, of: number): Position => ({ epoch, number: of });
const forks = fc.array(number, { maxLength: 3 });

/** A chain of epochs a, b, c …, each beginning at a fork of the one before. */
function grown(
  points: readonly number[],
  from: EpochChain = { epoch: names[0]!, ancestors: [] },
  next = 1,
): EpochChain {
  return points.reduce<EpochChain>((chain, fork, index) => forkChain(chain, names[next + index]!, fork), from);
}

describe('epochs', () => {
  test('a history stands as forked to each of its ancestors, and they stand as older to it', () => {
    checkProperty(
      fc.property(forks, forks, (before, after) => {
        const known = grown(before.slice(0, 1));
        const told = grown(after, known, 1 + before.slice(0, 1).length);
        const step = epochStep(known, told);
        const back = epochStep(told, known);
        if (after.length === 0) assert.deepEqual([step.kind, back.kind], ['same', 'same']);
        else {
          assert.deepEqual(step, { kind: 'forked', fork: Math.min(...after) });
          assert.equal(back.kind, 'older');
        }
      }),
    );
  });

  test('two histories that grew apart are unrelated, from either side', () => {
    const left = forkChain(grown([]), names[1]!, 5);
    const right = forkChain(grown([]), names[2]!, 3);
    assert.equal(epochStep(left, right).kind, 'unrelated');
    assert.equal(epochStep(right, left).kind, 'unrelated');
  });

  test('a new epoch begins exactly when the replication id differs, at the head; without memory nothing is shared', () => {
    checkProperty(
      fc.property(forks, number, fc.boolean(), (points, head, changed) => {
        const meta = { chain: grown(points), head, replicationId: 'r' };
        const begun = newLineage(meta, changed ? 's' : 'r', () => names[4]!);
        assert.deepEqual(begun, changed ? forkChain(meta.chain, names[4]!, head) : undefined);
        assert.deepEqual(
          newLineage(undefined, 's', () => names[4]!),
          { epoch: names[4], ancestors: [] },
        );
      }),
    );
  });
});

describe('the permit', () => {
  test('only a primary in force, in the same epoch, with nothing beyond what was applied, proves the tail', () => {
    checkProperty(
      fc.property(number, number, fc.boolean(), fc.boolean(), (applied, head, inForce, sameEpoch) => {
        const beat = { epoch: sameEpoch ? names[0]! : names[1]!, head, inForce };
        assert.equal(provesTail({ epoch: names[0]!, applied }, beat), inForce && sameEpoch && applied >= head);
      }),
    );
  });

  test('it holds for maxLagMs from the send and not a millisecond longer; never without proof', () => {
    assert.equal(permitHolds(100, 1100, 1000), true);
    assert.equal(permitHolds(100, 1101, 1000), false);
    assert.equal(permitHolds(undefined, 0, 1000), false);
  });

  test('reads go through only to the very server that was proven', () => {
    const proof = { server: 's1', provenAtMs: 100 };
    assert.equal(mayReadThrough(proof, 's1', 1100, 1000), true);
    assert.equal(mayReadThrough(proof, 's1', 1101, 1000), false);
    assert.equal(mayReadThrough(proof, 's2', 100, 1000), false);
    assert.equal(mayReadThrough(undefined, 's1', 100, 1000), false);
  });
});

describe('the tail', () => {
  test('following the pages of any log without holes never finds one, whatever doorbells brought meanwhile', () => {
    checkProperty(
      fc.property(number, number, number, fc.integer({ min: 1, max: 5 }), (after, more, rung, pageMax) => {
        const head = after + more;
        const applied = Math.min(head, after + rung);
        const last = Math.min(head, after + pageMax);
        const numbers = more === 0 ? undefined : { first: after + 1, last };
        assert.equal(logStep(applied, { after, numbers, head }), last > applied ? 'apply' : 'nothing');
      }),
    );
  });

  test('a trimmed log, and one that went back, are holes', () => {
    assert.equal(logStep(3, { after: 3, numbers: { first: 5, last: 6 }, head: 6 }), 'hole');
    assert.equal(logStep(3, { after: 3, numbers: undefined, head: 6 }), 'hole');
    assert.equal(logStep(3, { after: 3, numbers: undefined, head: 2 }), 'hole');
  });
});

describe('what enters L1', () => {
  const changes = fc.array(fc.constantFrom('k', 'l', 'm'), { maxLength: 12 });

  test('a bounded memory of changes never says less than an unbounded one', () => {
    checkProperty(
      fc.property(changes, fc.integer({ min: 1, max: 3 }), number, (keys, keysMax, fork) => {
        const [tight, roomy] = [new RecentChanges(keysMax), new RecentChanges(100)];
        keys.forEach((key, index) => {
          tight.note(key, index + 1);
          roomy.note(key, index + 1);
        });
        for (const key of ['k', 'l', 'm']) assert.ok(tight.newestOf(key) >= roomy.newestOf(key));
        tight.clampTo(fork);
        roomy.clampTo(fork);
        for (const key of ['k', 'l', 'm']) {
          assert.ok(tight.newestOf(key) >= roomy.newestOf(key) && tight.newestOf(key) <= fork);
        }
      }),
    );
  });

  test('after a restart every key may have changed', () => {
    const recent = new RecentChanges(2);
    recent.note('k', 3);
    recent.restartAt(7);
    assert.deepEqual([recent.newestOf('k'), recent.newestOf('l'), recent.floor], [7, 7, 7]);
  });

  test('a read enters iff no change is known that it had not seen, and replaces nothing newer', () => {
    checkProperty(
      fc.property(number, number, number, fc.option(number, { nil: undefined }), (newestChange, head, own, present) => {
        const view = { epoch: names[0]!, newestChange, present };
        const expected = newestChange <= head && (present === undefined || present <= own);
        assert.equal(mayFill(view, { number: own, head: at(names[0]!, head) }), expected);
        assert.equal(mayFill(view, { number: own, head: at(names[1]!, head) }), false);
      }),
    );
  });

  test('whatever enters is dropped by the first later change, and by no earlier one', () => {
    checkProperty(fc.property(number, number, (change, own) => assert.equal(overtakes(change, own), own < change)));
  });

  test('a fork leaves nothing beyond itself', () => {
    checkProperty(
      fc.property(number, number, (own, fork) => {
        assert.equal(survivesFork(own, fork), clampToFork(own, fork) === own);
        assert.ok(clampToFork(own, fork) <= fork);
      }),
    );
  });

  test('a reader joins no read that it asks to be newer than, nor one that is too old', () => {
    assert.equal(mayJoin({ asOfMs: 100 }, false, 1100, 1000), true);
    assert.equal(mayJoin({ asOfMs: 100 }, false, 1101, 1000), false);
    assert.equal(mayJoin({ asOfMs: 100 }, true, 100, 1000), false);
  });
});

describe('stamps of a namespace on several partitions', () => {
  test('a plain Set is stamped with its own position in the control partition, elsewhere with the head read before', () => {
    const [own, controlHead] = [at(names[0]!, 9), at(names[1]!, 4)];
    assert.equal(plainStamp({ partition: 0, control: 0, own, controlHead }), own);
    assert.equal(plainStamp({ partition: 2, control: 0, own, controlHead }), controlHead);
  });

  test('judging by what the control partition told is judging by its table', () => {
    checkProperty(
      fc.property(forks, fc.constantFrom(...names), number, number, number, (points, epoch, stamp, removed, stale) => {
        const watermarks = new WatermarkTable();
        watermarks.raise({ kind: 'tag', tag: 't' }, 'remove', removed, 0);
        watermarks.raise({ kind: 'prefix', prefix: 'a:' }, 'mark-stale', stale, 0);
        const chain = grown(points);
        const entry = { key: 'a:1', tags: ['t'] };
        const told = judgeAgainst(chain, watermarks.covering(entry), at(epoch, stamp));
        assert.equal(told, judge({ chain, watermarks }, at(epoch, stamp), entry));
        const swept = sweepVerdict(chain, watermarks.covering(entry), at(epoch, stamp));
        if (canJudge(chain, at(epoch, stamp))) assert.equal(swept, told);
        else assert.deepEqual([told, swept], ['removed', 'visible']);
      }),
    );
  });

  test('a copied table says of every entry what the original says', () => {
    const selectors = [
      { kind: 'namespace' },
      { kind: 'tag', tag: 't' },
      { kind: 'prefix', prefix: 'a:' },
      { kind: 'key', key: 'a:1' },
    ] as const;
    const raises = fc.array(
      fc.tuple(fc.constantFrom(...selectors), fc.constantFrom('remove' as const, 'mark-stale' as const), number),
    );
    checkProperty(
      fc.property(raises, (raised) => {
        const [original, copy] = [new WatermarkTable(2), new WatermarkTable(2)];
        for (const [selector, mode, to] of raised) original.raise(selector, mode, to, 5);
        copy.load(original.rows());
        for (const entry of [
          { key: 'a:1', tags: ['t'] },
          { key: 'a:2', tags: [] },
          { key: 'b', tags: ['t'] },
        ]) {
          assert.deepEqual(copy.covering(entry), original.covering(entry));
        }
        assert.deepEqual([copy.newest, copy.size], [original.newest, original.size]);
        assert.deepEqual(copy.rows(), original.rows());
      }),
    );
  });
});

describe('leases', () => {
  const lease = { id: leaseIdOf(names[0]!, 1), stamp: at(names[0]!, 5), endsAtMs: 50 };

  test('only its own id fills, until it ends; the id names the epoch', () => {
    assert.equal(leaseStands(lease, lease.id, 49), true);
    assert.equal(leaseStands(lease, lease.id, 50), false);
    assert.equal(leaseStands(lease, leaseIdOf(names[1]!, 1), 0), false);
    assert.equal(leaseStands(undefined, lease.id, 0), false);
  });

  test('a held one is granted again only when it is void, and numbers of other epochs void nothing', () => {
    assert.equal(mayGrant(undefined, at(names[0]!, 0), 0), true);
    assert.equal(mayGrant(lease, at(names[0]!, 0), 50), true);
    assert.equal(mayGrant(lease, at(names[0]!, 5), 49), false);
    assert.equal(mayGrant(lease, at(names[0]!, 6), 49), true);
    assert.equal(mayGrant(lease, at(names[1]!, 6), 49), false);
  });
});

describe('what is remembered so that nothing is lost or done twice', () => {
  test('an acknowledged invalidation is forgotten only by a history that holds it, and made again by one that does not', () => {
    checkProperty(
      fc.property(forks, number, time, time, (points, own, acknowledgedAtMs, sentAtMs) => {
        const chain = grown(points);
        const step = reissueStep({ position: at(names[0]!, own), acknowledgedAtMs }, { chain, sentAtMs }, 30);
        const lost = own > Math.min(Number.POSITIVE_INFINITY, ...points);
        if (sentAtMs <= acknowledgedAtMs) assert.equal(step, 'keep');
        else if (lost) assert.equal(step, 'reissue');
        else assert.equal(step, sentAtMs > acknowledgedAtMs + 30 ? 'forget' : 'keep');
      }),
    );
  });

  test('a try is applied once, repeated while it is remembered, and refused when it comes too late', () => {
    assert.equal(onceStep({ appliedAtMs: undefined, notAfterMs: 10 }, 10), 'apply');
    assert.equal(onceStep({ appliedAtMs: undefined, notAfterMs: 10 }, 11), 'refuse');
    assert.equal(onceStep({ appliedAtMs: 3, notAfterMs: 10 }, 11), 'repeat');
  });

  test('a pass of the sweep counts only when it is old enough and every epoch is still in force', () => {
    const pass = { endedAtMs: 10, epochs: [names[0]!, names[1]!] };
    assert.equal(sweepCounts(pass, { askedAtMs: 41, epochs: [names[0]!, names[1]!] }, 30), true);
    assert.equal(sweepCounts(pass, { askedAtMs: 40, epochs: [names[0]!, names[1]!] }, 30), false);
    assert.equal(sweepCounts(pass, { askedAtMs: 99, epochs: [names[0]!, names[2]!] }, 30), false);
  });

  test('a watermark that a pass lets go of has no fill from before it that comes behind the pass', () => {
    checkProperty(
      fc.property(
        time,
        time,
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (raised, begun, age, of) => {
          const table = new WatermarkTable();
          table.raise({ kind: 'tag', tag: 't' }, 'mark-stale', 1, raised);
          table.prune(1, settledBeforeMs(begun, age));
          const filledAt = raised + Math.floor(age * of);
          assert.ok(table.size === 1 || filledAt < begun);
        },
      ),
    );
    const table = new WatermarkTable();
    table.raise({ kind: 'tag', tag: 't' }, 'mark-stale', 1, 10);
    table.prune(1, settledBeforeMs(41, 30));
    assert.equal(table.size, 0);
  });
});

describe('streams', () => {
  test('a stream goes on after what was told, waits for its node, or is told of what was lost; never goes back', () => {
    checkProperty(
      fc.property(
        forks,
        fc.constantFrom(...names),
        number,
        number,
        number,
        fc.boolean(),
        (points, epoch, own, applied, low, current) => {
          const chain = grown(points);
          const floor = Math.min(low, applied);
          const step = resumeStep({ chain, applied, floor, current }, at(epoch, own));
          if (!canJudge(chain, at(epoch, own))) assert.equal(step.kind, current ? 'reset' : 'wait');
          else if (step.kind === 'after') assert.ok(step.number === own && own <= applied && own >= floor);
          else if (step.kind === 'wait') assert.ok(own > applied);
        },
      ),
    );
  });
});

describe('near caches', () => {
  const entry = { key: 'a:1', tags: ['t'], revision: 'r1' };
  const change: fc.Arbitrary<NearChange> = fc.constantFrom<NearChange>(
    { kind: 'set', key: 'a:1', revision: 'r1' },
    { kind: 'set', key: 'a:1', revision: 'r2' },
    { kind: 'set', key: 'b', revision: 'r3' },
    { kind: 'key', key: 'a:1' },
    { kind: 'wide', selector: { kind: 'tag', tag: 't' } },
    { kind: 'wide', selector: { kind: 'prefix', prefix: 'b:' } },
    { kind: 'epoch' },
  );
  const told = fc.array(change, { maxLength: 6 });

  test('what covers an entry drops it, but for the SET that made it', () => {
    checkProperty(
      fc.property(change, (one) => {
        const harmless =
          (one.kind === 'set' && (one.key !== 'a:1' || one.revision === 'r1')) ||
          (one.kind === 'wide' && one.selector.kind === 'prefix');
        assert.equal(drops(one, entry), !harmless);
      }),
    );
  });

  test('a Hit enters iff its own SET, or nothing, is the newest change of the key, and nothing wide was told', () => {
    checkProperty(
      fc.property(told, (changes) => {
        const wide = changes.some(
          (one) => one.kind === 'epoch' || (one.kind === 'wide' && one.selector.kind === 'tag'),
        );
        const newest = changes.findLast((one) => (one.kind === 'set' || one.kind === 'key') && one.key === 'a:1');
        const kept = !wide && (newest === undefined || !drops(newest, entry));
        assert.equal(mayKeep(entry, changes), kept);
        const own = changes.some((one) => one.kind === 'set' && one.revision === 'r1');
        assert.equal(mayKeepOwn(entry, changes), kept && own);
      }),
    );
  });

  test('more told never lets in what less told kept out for good', () => {
    checkProperty(
      fc.property(told, change, (changes, last) => {
        const own = last.kind === 'set' && last.revision === 'r1';
        if (!own && !mayKeep(entry, changes)) assert.equal(mayKeep(entry, [...changes, last]), false);
      }),
    );
  });
});
