import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepriseError } from '../../src/errors.ts';
import { consistencyOf, demandAfter, demandOf, strictest } from '../../src/freshness/demand.ts';
import { OwnTokens } from '../../src/freshness/own-tokens.ts';
import { ManualClock } from '../support/manual-clock.ts';

// Reading one's own changes: which tokens a read carries, for how long, and what happens when there are too many.

function tokens() {
  const clock = new ManualClock();
  return { clock, own: new OwnTokens(2000, clock) };
}

test('a write`s token goes with reads of its key for two seconds', () => {
  const { clock, own } = tokens();
  own.wrote(['a'], 'T1');
  own.wrote(['a', 'b'], 'T2');
  own.wrote(['c'], '');
  assert.deepEqual([own.demandFor('a'), own.demandFor('b'), own.demandFor('c')], [['T2'], ['T2'], []]);
  clock.advance(1999);
  assert.deepEqual(own.demandFor('a'), ['T2']);
  clock.advance(1);
  assert.deepEqual(own.demandFor('a'), []);
});

test('an invalidation`s token goes with the reads that it may concern', () => {
  const { clock, own } = tokens();
  own.invalidated([{ kind: 'prefix', prefix: 'a:' }], 'P');
  own.invalidated(
    [
      { kind: 'key', key: 'b' },
      { kind: 'key', key: 'c' },
    ],
    'K',
  );
  assert.deepEqual([own.demandFor('a:1'), own.demandFor('b'), own.demandFor('d')], [['P'], ['K'], []]);
  own.invalidated([{ kind: 'tag', tag: 't' }], 'T');
  assert.deepEqual(own.demandFor('d'), ['T']);
  clock.advance(2000);
  assert.deepEqual(own.demandFor('a:1'), []);
});

test('beyond 1024 keys or 8 invalidations reads ask for the latest, for two seconds', () => {
  const { clock, own } = tokens();
  const keys = Array.from({ length: 1024 }, (_, i) => `k${i}`);
  own.wrote(keys, 'T');
  assert.deepEqual(own.demandFor('other'), []);
  own.wrote(['one more'], 'T2');
  assert.equal(own.demandFor('other'), 'latest');
  clock.advance(2000);
  assert.deepEqual(own.demandFor('other'), []);

  for (let i = 0; i < 8; i++) own.invalidated([{ kind: 'key', key: `x${i}` }], `I${i}`);
  assert.deepEqual(own.demandFor('other'), []);
  own.invalidated([{ kind: 'key', key: 'x8' }], 'I8');
  assert.equal(own.demandFor('other'), 'latest');
  own.clear();
  assert.deepEqual(own.demandFor('other'), []);
});

test('demands are the caller`s tokens, the client`s own and the stream`s; beyond 16 the latest', () => {
  const latest = { latest: true, asked: [], own: [] };
  assert.deepEqual(demandOf({ atLeast: 'A' }, ['B'], 'S'), { latest: false, asked: ['A'], own: ['B', 'S'] });
  assert.deepEqual(demandOf({ latest: true }, ['B'], 'S'), latest);
  assert.deepEqual(demandOf({}, 'latest'), latest);
  const fifteen = Array.from({ length: 15 }, (_, i) => `A${i}`);
  assert.equal(demandOf({ atLeast: fifteen }, ['B']).latest, false);
  assert.deepEqual(demandOf({ atLeast: fifteen }, ['B'], 'S'), latest);
  assert.deepEqual(strictest([demandOf({}, ['A']), demandOf({}, ['A', 'B'])]).own, ['A', 'B']);
  assert.deepEqual(strictest([demandOf({}, ['A']), latest]), latest);
  assert.equal(consistencyOf(demandOf({}, [])), undefined);
  assert.deepEqual(consistencyOf(latest), { level: { $case: 'latest', value: {} } });
});

test('a token that is unusable is dropped once, but never one that the caller gave', () => {
  const unusable = new RepriseError('', { code: 'FAILED_PRECONDITION', reason: 'TOKEN_UNUSABLE' });
  assert.deepEqual(demandAfter(unusable, demandOf({}, ['B'])), { latest: false, asked: [], own: [] });
  assert.deepEqual(demandAfter(unusable, demandOf({ atLeast: 'A' }, ['B'])), { latest: false, asked: ['A'], own: [] });
  assert.equal(demandAfter(unusable, demandOf({ atLeast: 'A' }, [])), undefined);
  assert.equal(demandAfter(new RepriseError('', { reason: 'INTERNAL' }), demandOf({}, ['B'])), undefined);
});
