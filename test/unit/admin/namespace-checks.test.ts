// Goal: what is full, folded or too slow is told with names and figures, from the bound on and not before. Method:
// namespaces made by hand, at the bound and just below.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../../src/admin/check.ts';
import { checkDocuments } from '../../../src/admin/check-documents.ts';
import {
  type CheckedNamespace,
  checkCapacity,
  checkSubscribers,
  checkWatermarks,
} from '../../../src/admin/check-namespaces.ts';
import { limits } from '../../../src/base/limits.ts';

interface Figures {
  readonly weightBytes?: number;
  readonly evictions?: number;
  readonly watermarks?: number;
  readonly watermarkFolds?: number;
  readonly open?: number;
  readonly slow?: number;
}

function namespace(name: string, figures: Figures): CheckedNamespace {
  const { weightBytes = 0, evictions = 0, watermarks = 0, watermarkFolds = 0, open = 0, slow = 0 } = figures;
  const usage = { weightBytes, capacityBytes: 1000, evictions };
  return { name, usage, watermarks, watermarkFolds, counters: { streams: { open, resets: { slow } } } };
}

async function told(check: Check): Promise<string[]> {
  return (await check.look()).map(({ severity, what }) => `${severity} ${what}`);
}

test('capacity: nearly full from 90 % on; full and evicting is a warning, in a fleet worth knowing', async () => {
  const look = (figures: Figures, shared = false) => told(checkCapacity(() => [namespace('n', figures)], { shared }));
  assert.deepEqual(await look({ weightBytes: 899, evictions: 5 }), []);
  assert.deepEqual(await look({ weightBytes: 900 }), ['info n: 90 % of the capacity are used']);
  const evicting = 'n: full; 1 500 entries left memory to make room since the start';
  assert.deepEqual(await look({ weightBytes: 900, evictions: 1500 }), [`warning ${evicting}`]);
  assert.deepEqual(await look({ weightBytes: 900, evictions: 1500 }, true), [`info ${evicting}`]);
});

test('many namespaces are three names and a number', async () => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => namespace(name, { weightBytes: 1000 }));
  assert.deepEqual(await told(checkCapacity(() => all, { shared: false })), [
    'info a, b, c and 2 more: 90 % of the capacity are used',
  ]);
});

test('watermarks: a table that folded is a warning, one nearly full worth knowing', async () => {
  const look = (figures: Figures) => told(checkWatermarks(() => [namespace('n', figures)]));
  const nearly = limits.watermarksPerNamespaceMax * 0.9;
  assert.deepEqual(await look({ watermarks: nearly - 1 }), []);
  assert.deepEqual(await look({ watermarks: nearly }), ['info n: the table of invalidations is nearly full (100 000)']);
  assert.match((await look({ watermarkFolds: 2 }))[0]!, /^warning n: the table of invalidations was full 2 times/);
});

test('subscribers: one that was too slow is a warning, and so are streams near their bound', async () => {
  const look = (figures: Figures) => told(checkSubscribers(() => [namespace('n', figures)]));
  const crowded = limits.subscriptionsMax * 0.9;
  assert.deepEqual(await look({ open: crowded - 1 }), []);
  assert.deepEqual(await look({ open: crowded }), ['warning 9 000 streams are open, of at most 10 000']);
  assert.match((await look({ slow: 3 }))[0]!, /^warning n: 3 times a subscriber was too slow/);
});

test('documents: those in memory are lost with the server', async () => {
  assert.deepEqual(await told(checkDocuments({ durable: true })), []);
  assert.match((await told(checkDocuments({ durable: false })))[0]!, /^info namespaces that callers create/);
});
