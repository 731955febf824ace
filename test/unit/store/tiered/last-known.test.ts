// Goal: what L1 holds is told however long ago the store was lost, but nothing that is gone or known to be hidden. Method:
// an L1, watermarks and permits by hand, at the bounds and one past them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LastKnown } from '../../../../src/store/store.ts';
import type { Home } from '../../../../src/store/tiered/home.ts';
import { lastKnown } from '../../../../src/store/tiered/last-known.ts';
import { invalidation, NAMESPACE_ID } from '../../../support/changes.ts';
import { CHAIN, entryOf, forkedAt, homeOn, viewFrom } from './builders.ts';

const maxLagMs = 1000;
const TAG = { kind: 'tag', tag: 't' } as const;

/** A namespace on the partitions 0, the control partition, and 1, with the key k1 of number 5 held, all proven at 0. */
function heldHome(): Home {
  const home = homeOn(viewFrom(5, 0), viewFrom(5, 1));
  takeTable(home);
  for (const view of home.views) {
    view.noteProof(view.countBeat(), 0);
    view.proof = { server: 'a', provenAtMs: 0 };
  }
  home.tier.keep(entryOf('k1', 5, { tags: ['t'] }), 0);
  return home;
}

function takeTable(home: Home): void {
  const asked = home.watermarks.ask(5);
  home.watermarks.take(asked, { chain: home.control.chain ?? CHAIN, head: 5, rows: [] });
}

function known(home: Home, monotonicMs: number, key = 'k1'): LastKnown {
  return lastKnown(home, key, { monotonicMs, maxLagMs });
}

test('an entry is known while the permits hold and ever after, but current only while they hold', () => {
  const home = heldHome();
  for (const [monotonicMs, current] of [
    [0, true],
    [maxLagMs, true],
    [maxLagMs + 1, false],
    [999_999, false],
  ] as const) {
    const told = known(home, monotonicMs);
    assert.deepEqual([told.read?.entry?.position.number, told.current], [5, current], String(monotonicMs));
    assert.deepEqual([told.read?.visibility, told.read?.nowMs], ['visible', monotonicMs]);
  }
});

test('it is known until it is gone by the store’s time, as that was last told', () => {
  const home = heldHome();
  assert.ok(known(home, 999_999).read);
  home.views[1]!.noteTime({ chain: CHAIN, head: 5, nowMs: 600_000, server: 'a' }, 0);
  assert.ok(known(home, 399_999).read);
  assert.equal(known(home, 400_000).read, undefined);
});

test('a permit of the control partition alone, or of the key’s, makes nothing current', () => {
  for (const late of [0, 1]) {
    const home = heldHome();
    const view = home.views[late]!;
    home.views[1 - late]!.noteProof(view.countBeat(), 5000);
    assert.deepEqual([known(home, 5000).current, known(home, 5000).read?.entry?.key], [false, 'k1']);
  }
});

test('the store was there as of the earlier proof of the two partitions; never, if one has none', () => {
  const home = heldHome();
  home.views[1]!.proof = { server: 'a', provenAtMs: 700 };
  assert.equal(known(home, 800).reachedAtMs, 0);
  home.control.proof = { server: 'a', provenAtMs: 400 };
  assert.equal(known(home, 800).reachedAtMs, 400);
  assert.equal(known(home, 800, 'none1').reachedAtMs, 400, 'also where nothing is held');
  home.control.proof = undefined;
  assert.equal(known(home, 800).reachedAtMs, undefined);
});

test('a watermark that came before the store was lost hides what it hid', () => {
  const home = heldHome();
  home.watermarks.raise(invalidation(6, TAG, { mode: 'mark-stale' }), 0);
  assert.equal(known(home, 5000).read?.visibility, 'marked-stale');
  home.watermarks.raise(invalidation(7, TAG), 0);
  assert.deepEqual([known(home, 5000).read, known(home, 5000).current], [undefined, false]);
});

test('without a table nothing is told: an entry might be hidden', () => {
  const home = heldHome();
  home.watermarks.clear();
  assert.deepEqual([known(home, 0).read, known(home, 0).current], [undefined, false]);
});

test('after a fork the table from before it still judges what both histories share, and makes nothing current', () => {
  const home = heldHome();
  home.control.fork(forkedAt(5), 5);
  home.watermarks.forked();
  home.control.noteProof(home.control.countBeat(), 0);
  assert.deepEqual([known(home, 0).read?.entry?.key, known(home, 0).current], ['k1', false]);
  const position = { epoch: forkedAt(5).epoch, number: 6 };
  home.tier.keep(entryOf('k1', 6, { position, stamp: position }), 0);
  assert.equal(known(home, 0).read, undefined, 'what is newer than the table can not be judged by it');
});

test('it counts as a use: what is served during an outage is not evicted first', () => {
  const home = heldHome();
  assert.equal(NAMESPACE_ID, home.id);
  const { capacityBytes, weightBytes } = home.tier.usage();
  home.tier.keep(entryOf('other1', 5), 0);
  known(home, 5000);
  home.tier.resize(weightBytes, 0);
  assert.ok(capacityBytes > weightBytes);
  assert.ok(known(home, 5000).read);
});
