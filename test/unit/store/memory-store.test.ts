// Goal: what the memory store promises beyond the port: constant work, time that never goes back, limits, listeners.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Applied, Change, Guard, NamespaceId, Write } from '../../../src/store/store.ts';
import { countMapOperations } from '../../support/count-map-operations.ts';
import { type OpenMemoryStore, openMemoryStore } from '../../support/open-memory-store.ts';

const NS = 'ns' as NamespaceId;
const UNGUARDED: Guard = { kind: 'none' };

function negative(key: string, parts: Partial<Write> = {}): Write {
  const plain = { contentType: '', tags: ['t'], ttlMs: 60_000, staleWindowMs: 0, guard: UNGUARDED };
  return { namespaceId: NS, key, value: undefined, ...plain, ...parts };
}

function opened(limitsOfStore = {}, capacityBytes = 2 ** 40): OpenMemoryStore {
  const open = openMemoryStore(limitsOfStore);
  open.store.openNamespace(NS, capacityBytes);
  return open;
}

function filled(entries: number): OpenMemoryStore {
  const open = opened();
  for (let i = 0; i < entries; i++) open.store.write(negative(`k${i}`));
  return open;
}

describe('memory store: invalidation', () => {
  for (const selector of [{ kind: 'tag', tag: 't' }, { kind: 'prefix', prefix: 'k' }, { kind: 'namespace' }] as const) {
    it(`of a ${selector.kind} does as many operations over a million entries as over one`, () => {
      // Method: count the Map operations of one Invalidate; the entries are reached through Maps only.
      const [few, many] = [1, selector.kind === 'tag' ? 1_000_000 : 10_000].map((entries) => {
        const { store } = filled(entries);
        const count = countMapOperations(() => void store.invalidate({ namespaceId: NS, selector, mode: 'remove' }));
        assert.equal(store.usage(NS).entries, entries);
        return count;
      });
      assert.ok(few !== undefined && few > 0);
      assert.equal(many, few);
    });
  }
});

describe('memory store: time', () => {
  it('stands still while a clock that was set back catches up', () => {
    // Otherwise a fence that was too old would stand again, after the removal it must not pass was forgotten.
    const { store, clock } = opened();
    const { nowMs } = store.read({ namespaceId: NS, key: 'k' });
    clock.step(-5000);
    assert.equal(store.read({ namespaceId: NS, key: 'k' }).nowMs, nowMs);
    clock.advance(5001);
    assert.equal(store.read({ namespaceId: NS, key: 'k' }).nowMs, nowMs + 1);
  });

  it('is swept in bounded steps that say whether more may be due', () => {
    const { store, clock } = opened();
    for (let i = 0; i < 10; i++) store.write(negative(`k${i}`, { ttlMs: 10 }));
    clock.advance(10);
    assert.equal(store.expireDue(4), 4);
    assert.equal(store.usage(NS).entries, 6);
    assert.equal(store.expireDue(100), 6);
    assert.equal(store.usage(NS).expirations, 10);
  });

  it('is swept in every namespace though one alone keeps the sweeper busy', () => {
    const { store, clock } = opened();
    const other = 'other' as NamespaceId;
    store.openNamespace(other, 100_000);
    for (let i = 0; i < 100; i++) store.write(negative(`k${i}`, { ttlMs: 10 }));
    store.write(negative('k', { namespaceId: other, ttlMs: 10 }));
    clock.advance(10);
    for (let turn = 0; turn < 2; turn++) store.expireDue(5);
    assert.equal(store.usage(other).entries, 0);
  });

  it('frees leases, request ids and tombstones too', () => {
    const { store, clock } = opened();
    const { position } = store.write(negative('k', { once: { requestId: 'r' } })) as Applied;
    store.remove({ namespaceId: NS, key: 'k', cause: 'deleted' });
    store.acquireLease({ namespaceId: NS, key: 'k', holdMs: 10, stamp: position, voidBelow: 0 });
    clock.advance(limits.fenceAgeMsMax + 1);
    assert.equal(store.expireDue(100), 3);
    store.validate();
  });
});

describe('memory store: limits', () => {
  it('refuses a change under a request id when all it remembers are live, and changes nothing', () => {
    const { store, clock } = opened({ requestIdsMax: 2 });
    for (const requestId of ['a', 'b']) store.write(negative('k', { once: { requestId } }));
    const full = (error: unknown): boolean => error instanceof OperatingError && error.reason === 'REQUEST_IDS_FULL';
    assert.throws(() => store.write(negative('k', { once: { requestId: 'c' } })), full);
    assert.equal(store.read({ namespaceId: NS, key: 'k' }).head.number, 2);
    assert.equal((store.write(negative('k', { once: { requestId: 'a' } })) as Applied).repeated, true);
    store.write(negative('k'));
    clock.advance(limits.requestIdAgeMsMax + 1);
    store.write(negative('k', { once: { requestId: 'c' } }));
    store.validate();
  });

  it('refuses fences older than a removal that was forgotten, and no newer ones', () => {
    const { store } = opened({ tombstonesPerNamespaceMax: 1 });
    const fenceNow = (key: string): Guard => {
      const { head, nowMs } = store.read({ namespaceId: NS, key });
      return { kind: 'fence', fence: { head, givenAtMs: nowMs } };
    };
    const older = fenceNow('a');
    store.remove({ namespaceId: NS, key: 'a', cause: 'deleted' });
    const newer = fenceNow('a');
    store.remove({ namespaceId: NS, key: 'b', cause: 'deleted' });
    assert.equal(store.write(negative('a', { guard: older })).kind, 'guarded');
    assert.equal(store.write(negative('a', { guard: newer })).kind, 'applied');
  });

  it('evicts beyond the number of entries that a Map can hold, whatever they weigh', () => {
    const { store } = opened({ entriesPerNamespaceMax: 3 });
    for (const key of ['a', 'b', 'c']) store.write(negative(key));
    store.write(negative('a'));
    assert.equal(store.usage(NS).evictions, 0);
    store.write(negative('d'));
    assert.equal(store.usage(NS).evictions, 1);
    assert.equal(store.read({ namespaceId: NS, key: 'b' }).absence, 'evicted');
    store.validate();
  });

  it('pages through slots that were left, in bounded steps', () => {
    const { store } = filled(20_000);
    for (let i = 0; i < 19_999; i++) store.remove({ namespaceId: NS, key: `k${i}`, cause: 'deleted' });
    let pages = 0;
    const listed: string[] = [];
    for (let from: number | undefined = 0; from !== undefined; pages++) {
      const page = store.list(NS, from, 10);
      listed.push(...page.entries.map((entry) => entry.key));
      from = page.next;
    }
    assert.deepEqual(listed, ['k19999']);
    assert.ok(pages > 1);
  });
});

describe('memory store: log', () => {
  it('says that it no longer reaches a number below what its ring holds', () => {
    const { store } = opened({ ring: { changesMax: 3, bytesMax: 1_000_000 } });
    for (let i = 0; i < 5; i++) store.write(negative(`k${i}`));
    assert.equal(store.changesSince(0, 1, 10), undefined);
    assert.deepEqual(
      store.changesSince(0, 2, 10)?.map(({ position }) => position.number),
      [3, 4, 5],
    );
    store.validate();
  });
});

describe('memory store: use', () => {
  it('is a read, a write and a retime; not a list, a settlement, a recall or a refused change', () => {
    const uses: Record<string, (store: OpenMemoryStore['store'], write: Applied) => unknown> = {
      read: (store) => store.read({ namespaceId: NS, key: 'old' }),
      readMany: (store) => store.readMany(NS, ['old']),
      write: (store) => store.write(negative('old')),
      retime: (store) => store.retime({ ...negative('old'), ttlMs: 9, staleWindowMs: 0 }),
    };
    const others: typeof uses = {
      list: (store) => store.list(NS, 0, 10),
      settle: (store, { position }) => store.settle({ namespaceId: NS, key: 'old' }, position, 'marked-stale'),
      recall: (store) => store.recall({ namespaceId: NS, key: 'old' }, 'r'),
      refused: (store) => store.write(negative('old', { guard: { kind: 'unchanged', position: undefined } })),
    };
    for (const [name, operation] of Object.entries({ ...uses, ...others })) {
      const { store } = opened({ entriesPerNamespaceMax: 2 });
      const written = store.write(negative('old', { once: { requestId: 'r' } })) as Applied;
      store.write(negative('young'));
      operation(store, written);
      store.write(negative('new'));
      const evicted = store.list(NS, 0, 10).entries.every((entry) => entry.key !== 'old') ? 'old' : 'young';
      assert.equal(evicted, name in uses ? 'young' : 'old', name);
    }
  });
});

describe('memory store: listeners', () => {
  it('hear changes in order, also those that a listener makes', () => {
    const { store } = opened();
    const heard: number[] = [];
    store.watch((change) => {
      if (change.position.number === 1) store.write(negative('made by a listener'));
    });
    store.watch((change) => heard.push(change.position.number));
    store.write(negative('k'));
    assert.deepEqual(heard, [1, 2]);
  });

  it('that begin while a change is told hear only later ones, that stop hear nothing more', () => {
    const { store } = opened();
    const late: Change[] = [];
    const stopped: Change[] = [];
    let stop = (): void => undefined;
    const stopFirst = store.watch(() => {
      stopFirst();
      stop();
      store.watch((change) => late.push(change));
    });
    stop = store.watch((change) => stopped.push(change));
    store.write(negative('k'));
    store.write(negative('k'));
    assert.deepEqual(
      late.map((change) => change.position.number),
      [2],
    );
    assert.deepEqual(stopped, []);
  });

  it('that throw surface as uncaught, while the change stands and others hear it', async () => {
    const { store } = opened();
    const heard: Change[] = [];
    store.watch(() => {
      throw new Error('a bug in a listener');
    });
    store.watch((change) => heard.push(change));
    const uncaught = new Promise<Error>((resolve) =>
      process.setUncaughtExceptionCaptureCallback((error) => resolve(error as Error)),
    );
    try {
      assert.equal(store.write(negative('k')).kind, 'applied');
      assert.equal((await uncaught).message, 'a bug in a listener');
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
    assert.equal(heard.length, 1);
  });
});
