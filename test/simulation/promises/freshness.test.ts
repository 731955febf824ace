// Goal: the judge excuses a late try of a Set for as long as an answer may come from it, and no longer. Method: one
// history, written down by hand, judged for readers with other tokens and at other times.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Epoch, Position } from '../../../src/cache/rules/position.ts';
import { shapeNamed } from '../shapes.ts';
import { timing } from '../timing.ts';
import type { Change, Effect } from '../truth/effect.ts';
import type { Invalidation } from '../truth/truth.ts';
import type { Value } from '../truth/value.ts';
import { World } from '../world.ts';
import { checkFreshness } from './freshness.ts';

const LATE_MS = 50;
const LOST_MS = 60;

/**
 * A Set is acknowledged by a deposed primary (epoch a); its other try reaches the next one (epoch b) after an
 * invalidation did, and is lost when a third one follows (epoch c), which has the invalidation.
 */
function lateTry({ origin = 'plain', invokedAtMs = 40 }: Partial<Value & Invalidation> = {}) {
  const world = new World({ seed: 1, shape: shapeNamed('spread 1') });
  const value = newValue(origin);
  const set: Change = { kind: 'set', key: value.key, value };
  const remove = { selector: { kind: 'namespace' }, mode: 'remove' } as const;
  const happened = (at: Position, atMs: number, previous: Effect | undefined, change: Change, lostAtMs?: number) =>
    world.truth.happened({ partition: 0, position: at, atMs, previous, change, lostAtMs });
  const first = happened(position('a', 1), 1, undefined, { kind: 'epoch' });
  const second = happened(position('b', 2), 20, first, { kind: 'epoch' });
  const acknowledged = happened(position('a', 2), 21, first, set, 20);
  const removed = happened(position('b', 3), invokedAtMs, second, { kind: 'invalidate', ...remove });
  const late = happened(position('b', 4), LATE_MS, removed, set);
  value.effects.push(acknowledged, late);
  for (const effect of value.effects) value.lives.push({ effect, freshUntilMs: 1000, goneAtMs: 1000 });
  const invalidation = { id: 2, ...remove, invokedAtMs, ackedAtMs: invokedAtMs + 2, ackedBy: undefined };
  world.truth.invalidations.push({ ...invalidation, effects: [removed], reissues: [] });
  world.truth.restand(0, new Set([first, second, removed]), LOST_MS);
  happened(position('c', 4), LOST_MS + 1, removed, { kind: 'epoch' });
  return { world, value };
}

function newValue(origin: Value['origin']): Value {
  return {
    id: 1,
    key: 'u:1',
    tags: [],
    origin,
    ttlMs: 1000,
    staleWindowMs: 0,
    begunAtMs: 15,
    ackedAtMs: 30,
    effects: [],
    lives: [],
    stamp: undefined,
    excuse: undefined,
  };
}

function position(epoch: string, number: number): Position {
  return { epoch: epoch as Epoch, number };
}

/** Judges that a reader was served the value; returns the promises that this breaks. */
function served({ world, value }: ReturnType<typeof lateTry>, token: Position, startedAtMs: number): string[] {
  const obligation = { beforeMs: startedAtMs - timing.maxLagMs, tokens: [[{ partition: 0, position: token }]] };
  checkFreshness(world, value, false, obligation, 'a node', 'L2');
  return world.truth.breaches.map(({ promise }) => promise);
}

describe('a late try that was lost may be served', () => {
  it('by who need not know of the failover, whose token names the invalidation before it', () => {
    assert.deepEqual(served(lateTry(), position('b', 3), LOST_MS + timing.maxLagMs), []);
  });

  it('not for longer than a node may lag', () => {
    assert.ok(served(lateTry(), position('b', 3), LOST_MS + timing.maxLagMs + 1).includes('AtLeastAsFresh'));
  });

  it('not to a reader whose token names the history without it', () => {
    assert.ok(served(lateTry(), position('c', 4), LOST_MS + 1).includes('AtLeastAsFresh'));
  });

  it('not if the invalidation came after it', () => {
    const after = lateTry({ invokedAtMs: LATE_MS + 1 });
    assert.ok(served(after, position('b', 3), LOST_MS + 1).includes('AtLeastAsFresh'));
  });

  it('not if it is a fill, which was computed before the invalidation', () => {
    assert.ok(served(lateTry({ origin: 'fence' }), position('b', 3), LOST_MS + 1).includes('NoResurrection'));
  });
});
