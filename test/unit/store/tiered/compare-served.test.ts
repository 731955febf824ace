// Goal: what L1 serves is called older only if a change says so, and foreign only if none does. Method: every pair of what
// may be served and what the primary may say, with the word for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RemovalCause, StoredEntry } from '../../../../src/store/store.ts';
import {
  type Comparison,
  compareServed,
  type Served,
  type Truth,
} from '../../../../src/store/tiered/compare-served.ts';
import { EPOCH } from '../../../support/changes.ts';
import { CHAIN, entryOf, FOREIGN_CHAIN, forkedAt } from './builders.ts';

function served(number: number, parts: Partial<Served> = {}): Served {
  const entry = entryOf('k', number);
  return { entry, visibility: 'visible', position: entry.position, ...parts };
}

function absent(number: number): Served {
  return { entry: undefined, visibility: 'visible', position: { epoch: EPOCH, number } };
}

function truth(entry: StoredEntry | undefined, parts: Partial<Truth> = {}): Truth {
  return { chain: CHAIN, head: 20, nowMs: 0, found: { entry, absence: 'unknown' }, visibility: 'visible', ...parts };
}

function nothing(absence: RemovalCause, parts: Partial<Truth> = {}): Truth {
  return truth(undefined, { found: { entry: undefined, absence }, ...parts });
}

const CASES: readonly (readonly [string, Served, Truth, Comparison])[] = [
  ['the same entry', served(5), truth(entryOf('k', 5)), 'same'],
  ['a later entry there', served(5), truth(entryOf('k', 6)), 'older'],
  ['an earlier entry there', served(5), truth(entryOf('k', 4)), 'foreign'],
  ['another value under the same number', served(5), truth(entryOf('k', 5, { value: Buffer.from('x') })), 'foreign'],
  [
    'negative here, a value there',
    served(5, { entry: entryOf('k', 5, { value: undefined }) }),
    truth(entryOf('k', 5)),
    'foreign',
  ],
  ['removed there', served(5), nothing('deleted'), 'older'],
  ['invalidated there', served(5), nothing('invalidated'), 'older'],
  ['expired there before its time here: its life was shortened', served(5), nothing('expired'), 'older'],
  ['gone by its own time', served(5), nothing('expired', { nowMs: 1_000_000 }), 'same'],
  ['no trace of it', served(5), nothing('unknown'), 'foreign'],
  ['removed there by a watermark', served(5), truth(entryOf('k', 5), { visibility: 'removed' }), 'unmarked'],
  ['marked stale there', served(5), truth(entryOf('k', 5), { visibility: 'marked-stale' }), 'unmarked'],
  [
    'marked stale in both',
    served(5, { visibility: 'marked-stale' }),
    truth(entryOf('k', 5), { visibility: 'marked-stale' }),
    'same',
  ],
  [
    'marked stale here, removed there',
    served(5, { visibility: 'marked-stale' }),
    truth(entryOf('k', 5), { visibility: 'removed' }),
    'unmarked',
  ],
  [
    'marked stale here alone: too much is no harm',
    served(5, { visibility: 'marked-stale' }),
    truth(entryOf('k', 5)),
    'same',
  ],
  ['beyond the head there', served(21), truth(entryOf('k', 5)), 'newer'],
  ['of a history that is not known there', served(5), truth(undefined, { chain: FOREIGN_CHAIN }), 'unknown'],
  [
    'an entry there of a history that it does not know',
    served(5),
    truth({ ...entryOf('k', 5), position: { epoch: FOREIGN_CHAIN.epoch, number: 5 } }),
    'unknown',
  ],
  ['the same entry after a fork', served(5), truth(entryOf('k', 5), { chain: forkedAt(9) }), 'same'],
  ['an absence, and nothing there', absent(5), nothing('deleted'), 'same'],
  ['an absence, and an entry that came after it', absent(5), truth(entryOf('k', 6)), 'older'],
  [
    'an absence, and an entry that came after it and is hidden',
    absent(5),
    truth(entryOf('k', 6), { visibility: 'removed' }),
    'same',
  ],
  ['an absence, and an entry from before it', absent(5), truth(entryOf('k', 4)), 'same'],
];

for (const [name, here, there, expected] of CASES) {
  test(`${name}: ${expected}`, () => assert.equal(compareServed(here, there), expected));
}
