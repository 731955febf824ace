// Goal: what the memory store promises beyond the port: constant work, time that never goes back, limits, listeners.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Applied, Freshness, Guard, NamespaceId, News, Write } from '../../../src/store/store.ts';
import { countMapOperations } from '../../support/count-map-operations.ts';
import { type OpenMemoryStore, openMemoryStore } from '../../support/open-memory-store.ts';

const NS = 'ns' as NamespaceId;
const UNGUARDED: Guard = { kind: 'none' };
const ANY: Freshness = { kind: 'any' };

function negative(key: string, parts: Partial<Write> = {}): Write {
  const plain = { contentType: '', tags: ['t'], ttlMs: 60_000, staleWindowMs: 0, guard: UNGUARDED };
  return { namespaceId: NS, key, value: undefined, ...plain, ...parts };
}

function numberOf(news: News): number {
  assert.ok(news.kind === 'changed');
  return news.change.position.number;
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
    const { nowMs } = store.read({ namespaceId: NS, key: 'k' }, ANY);
    clock.step(-5000);
    assert.equal(store.read({ namespaceId: NS, key: 'k' }, ANY).nowMs, nowMs);
    clock.advance(5001);
    assert.equal(store.read({ namespaceId: NS, key: 'k' }, ANY).nowMs, nowMs + 1);
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
    const { moment } = store.write(negative('k', { once: { requestId: 'r' } })) as Applied;
    store.remove({ namespaceId: NS, key: 'k', cause: 'deleted' });
    store.acquireLease({ namespaceId: NS, key: 'k', holdMs: 10, seen: moment });
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
    assert.equal(store.heads()[0]?.position.number, 2);
    assert.equal((store.write(negative('k', { once: { requestId: 'a' } })) as Applied).repeated, true);
    store.write(negative('k'));
    clock.advance(limits.requestIdAgeMsMax + 1);
    store.write(negative('k', { once: { requestId: 'c' } }));
    store.validate();
  });

  it('refuses fences older than a removal that was forgotten, and no newer ones', () => {
    const { store } = opened({ tombstonesPerNamespaceMax: 1 });
    const fenceNow = (key: string): Guard => {
      const { moment, nowMs } = store.read({ namespaceId: NS, key }, ANY);
      return { kind: 'fence', fence: { moment, givenAtMs: nowMs } };
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
    assert.equal(store.read({ namespaceId: NS, key: 'b' }, ANY).absence, 'evicted');
    store.validate();
  });

  it('pages through slots that were left, in bounded steps', () => {
    const { store } = filled(20_000);
    for (let i = 0; i < 19_999; i++) store.remove({ namespaceId: NS, key: `k${i}`, cause: 'deleted' });
    let pages = 0;
    const listed: string[] = [];
    for (let from: string | undefined = ''; from !== undefined; pages++) {
      const page = store.list(NS, from, 10);
      listed.push(...page.entries.map(({ entry }) => entry.key));
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

describe('memory store: moments', () => {
  it('are one array for all reads until the next change: a miss allocates none', () => {
    const { store } = opened();
    const { moment } = store.write(negative('k')) as Applied;
    const reads = [...store.readMany(NS, ['k', 'none'], ANY), store.read({ namespaceId: NS, key: 'other' }, ANY)];
    assert.ok(reads.every((read) => read.moment === moment) && store.heads() === moment);
    store.write(negative('k'));
    assert.notEqual(store.heads(), moment);
  });
});

describe('memory store: control', () => {
  it('of a namespace is one object, which knows each invalidation of it and of no other', () => {
    const { store } = opened();
    const other = 'other' as NamespaceId;
    store.openNamespace(other, 100_000);
    const control = store.control(NS);
    const selector = { kind: 'tag', tag: 't' } as const;
    const { position } = store.invalidate({ namespaceId: NS, selector, mode: 'remove' });
    assert.equal(store.control(NS), control);
    assert.equal(control.watermarks.covering({ key: 'k', tags: ['t'] }).removed, position.number);
    assert.equal(store.control(other).watermarks.newest, 0);
    assert.equal(control.chain.epoch, position.epoch);
  });
});

describe('memory store: use', () => {
  it('is a read, a write and a retime; not a list, a settlement, a recall or a refused change', () => {
    const uses: Record<string, (store: OpenMemoryStore['store'], write: Applied) => unknown> = {
      read: (store) => store.read({ namespaceId: NS, key: 'old' }, ANY),
      readMany: (store) => store.readMany(NS, ['old'], ANY),
      write: (store) => store.write(negative('old')),
      retime: (store) => store.retime({ ...negative('old'), ttlMs: 9, staleWindowMs: 0 }),
    };
    const others: typeof uses = {
      list: (store) => store.list(NS, '', 10),
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
      const evicted = store.list(NS, '', 10).entries.every(({ entry }) => entry.key !== 'old') ? 'old' : 'young';
      assert.equal(evicted, name in uses ? 'young' : 'old', name);
    }
  });
});

describe('memory store: listeners', () => {
  it('hear changes in order, also those that a listener makes', () => {
    const { store } = opened();
    const heard: number[] = [];
    store.watch((news) => {
      if (numberOf(news) === 1) store.write(negative('made by a listener'));
    });
    store.watch((news) => heard.push(numberOf(news)));
    store.write(negative('k'));
    assert.deepEqual(heard, [1, 2]);
  });

  it('that begin while a change is told hear only later ones, that stop hear nothing more', () => {
    const { store } = opened();
    const late: number[] = [];
    const stopped: number[] = [];
    let stop = (): void => undefined;
    const stopFirst = store.watch(() => {
      stopFirst();
      stop();
      store.watch((news) => late.push(numberOf(news)));
    });
    stop = store.watch((news) => stopped.push(numberOf(news)));
    store.write(negative('k'));
    store.write(negative('k'));
    assert.deepEqual(late, [2]);
    assert.deepEqual(stopped, []);
  });

  it('that throw surface as uncaught, while the change stands and others hear it', async () => {
    const { store } = opened();
    const heard: number[] = [];
    store.watch(() => {
      throw new Error('a bug in a listener');
    });
    store.watch((news) => heard.push(numberOf(news)));
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
