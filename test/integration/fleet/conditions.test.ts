// Goal: conditions and increments hold across nodes: of those who race on all nodes one wins, and no increment is lost or
// made twice. Method: complete nodes over a real Redis, called at the same time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Consistency, NotStoredReason } from '../../../src/gen/reprise/v1/entry.ts';
import { atLeast, type CacheCalls, only, onlyIf, textOf } from '../../support/cache-calls.ts';
import { type Fleet, openThree } from '../../support/fleet.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';

const SHAPES = { 'one partition': {}, 'four partitions': { partitions: 4, spread: 4 } } as const;
const RACERS = 9;
const absent = { condition: onlyIf({ $case: 'absent', value: {} }) };

const latest: Consistency = { level: { $case: 'latest', value: {} } };

/** Ways to overtake a fill of `a:k` with the tag `t` that leave the key without an entry. */
const overtaking: readonly [what: string, overtake: (cache: CacheCalls) => Promise<unknown>][] = [
  ['an invalidation of the key', (cache) => cache.remove({ keys: ['a:k'] })],
  ['an invalidation of the prefix', (cache) => cache.remove({ prefix: 'a:' })],
  ['an invalidation of its tag', (cache) => cache.remove({ tags: ['t'] })],
  ['an invalidation of the namespace', (cache) => cache.remove({ all: true })],
  ['a Delete', (cache) => cache.delete('a:k')],
  ['a Touch in vain', (cache) => cache.touch('a:k')],
];

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

/** Calls all nodes at the same time, in turn. */
function race<T>(
  { nodes }: Fleet,
  callers: number,
  run: (cache: CacheCalls, name: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Array.from({ length: callers }, (_, name) => run(nodes[name % nodes.length]!.cache, name)));
}

type Raced = Awaited<ReturnType<CacheCalls['set']>>;

/** Checks that one has won, and that the others were told why not. Returns who won. */
function winnerOf(results: readonly Raced[], lostFor: NotStoredReason): number {
  const winners = [...results.keys()].filter((name) => results[name]!.$case === 'stored');
  assert.equal(winners.length, 1);
  for (const result of results) {
    if (result.$case === 'notStored') assert.equal(result.value.reason, lostFor);
  }
  return winners[0]!;
}

for (const [shape, redis] of Object.entries(SHAPES)) {
  describe(`over ${shape}`, () => {
    test('of those who set an absent key on all nodes one wins, and all nodes have its value', async () => {
      await using fleet = await openThree({ rig, redis });
      for (let round = 0; round < 20; round++) {
        const results = await race(fleet, RACERS, (cache, name) => cache.set(`k${round}`, `${name}`, absent));
        const winner = winnerOf(results, NotStoredReason.PRESENT);
        const consistency = atLeast(only(results[winner]!, 'stored').token);
        for (const { cache } of fleet.nodes) {
          assert.equal(textOf(await cache.hit(`k${round}`, { consistency })), `${winner}`);
        }
      }
    });

    test('of those who set an entry that they all have read one wins, and the revision names its value', async () => {
      await using fleet = await openThree({ rig, redis });
      let { revision, token } = await fleet.nodes[0].cache.stored('k', 'first');
      for (let round = 0; round < 20; round++) {
        for (const { cache } of fleet.nodes) {
          assert.equal((await cache.hit('k', { consistency: atLeast(token) })).revision, revision);
        }
        const same = { condition: onlyIf({ $case: 'revision', value: revision }) };
        const results = await race(fleet, RACERS, (cache, name) => cache.set('k', `${name}`, same));
        const winner = winnerOf(results, NotStoredReason.REVISION_MISMATCH);
        ({ revision, token } = only(results[winner]!, 'stored'));
      }
    });

    test('a condition is judged by what is true now, not by what the node has in memory', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      b.lanes.bells.passage = 'lost';
      b.lanes.beats.passage = { lateMs: 400 };
      const { revision } = await a.cache.stored('k', 'v');
      await b.cache.hit('k');
      await a.cache.delete('k');
      const same = { condition: onlyIf({ $case: 'revision', value: revision }) };
      assert.equal(await b.cache.refusal('k', 'w', same), NotStoredReason.REVISION_MISMATCH);
      await b.cache.stored('k', 'w', absent);
      assert.equal(await a.cache.refusal('k', 'x', absent), NotStoredReason.PRESENT);
    });

    test('a node that has not heard of an invalidation judges conditions, and reads the latest, as if it had', async () => {
      await using fleet = await openThree({ rig, redis });
      const [a, b] = fleet.nodes;
      b.lanes.bells.passage = 'lost';
      b.lanes.beats.passage = { lateMs: 400 };
      const invalidations = [{ tags: ['t'] }, { prefix: 'a:' }, { all: true } as const];
      for (const [round, selector] of invalidations.entries()) {
        const key = `a:${round}`;
        const { revision } = await a.cache.stored(key, 'v', { tags: ['t'] });
        await b.cache.hit(key);
        await a.cache.remove(selector);
        await b.cache.miss(key, { consistency: latest });
        const same = { condition: onlyIf({ $case: 'revision', value: revision }) };
        assert.equal(await b.cache.refusal(key, 'w', same), NotStoredReason.REVISION_MISMATCH);
        await b.cache.stored(key, 'w', absent);
      }
    });

    test('600 increments on three nodes count 600, and each is told another value', async () => {
      await using fleet = await openThree({ rig, redis });
      const told: bigint[] = [];
      const tokens = await race(fleet, 12, async (cache) => {
        let token = '';
        for (let i = 0; i < 50; ) {
          const result = await cache.increment('n', 1n);
          if (result.$case !== 'incremented') continue; // CONTENDED: nothing was counted.
          told.push(result.value.value);
          token = result.value.token;
          i++;
        }
        return token;
      });
      assert.equal(new Set(told).size, 600);
      for (const { cache } of fleet.nodes) {
        assert.equal(textOf(await cache.hit('n', { consistency: atLeast(...tokens) })), '600');
      }
    });

    for (const [what, overtake] of overtaking) {
      test(`a fill whose fence ${what} on another node overtook is refused, on any node`, async () => {
        await using fleet = await openThree({ rig, redis });
        const [a, b, c] = fleet.nodes;
        // What the filling nodes do not know yet decides all the same.
        for (const { lanes } of [a, c]) lanes.bells.passage = 'lost';
        for (const filling of [a, c]) {
          const { fence } = await a.cache.miss('a:k');
          await overtake(b.cache);
          const late = { tags: ['t'], condition: onlyIf({ $case: 'fence', value: fence }) };
          assert.equal(await filling.cache.refusal('a:k', 'late', late), NotStoredReason.FENCE_OVERTAKEN);
          const { fence: now } = await c.cache.miss('a:k', { consistency: latest });
          const timely = { condition: onlyIf({ $case: 'fence', value: now }) };
          const { token } = await filling.cache.stored('a:k', 'v', timely);
          assert.equal(textOf(await b.cache.hit('a:k', { consistency: atLeast(token) })), 'v');
          await a.cache.miss('a:k', { consistency: atLeast((await b.cache.delete('a:k')).token) });
        }
      });
    }
  });
}
