import {
  CacheServiceService,
  type GetRequest,
  type GetResponse,
} from '../../../../src/gen/reprise/v1/cache_service.ts';
import { type Hit, type Miss, MissReason } from '../../../../src/gen/reprise/v1/entry.ts';
import { atLeast } from '../../../support/cache-calls.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { nameIn } from '../../history/told.ts';
import type { Reading, ReadOutcome } from '../history/operation.ts';
import type { FleetNode } from './fleet-node.ts';
import type { FleetWorld } from './fleet-world.ts';
import { deadlineIn, reasonOf, TRY_MS } from './repeat.ts';
import type { TokenPool } from './token-pool.ts';

/** How a read is asked for. */
export interface Wish {
  readonly consistency: Reading['consistency'];
  readonly allowStale: boolean;
  readonly lease?: GetRequest['lease'];
}

/** Milliseconds that a read waits for its answer. */
const READ_MS = 1000;

type Result = NonNullable<GetResponse['result']>;

/** Reads on some node and writes down what it answered. Returns that; `undefined` if it failed. */
export async function readKey(
  world: FleetWorld,
  pool: TokenPool,
  random: SeededRandom,
  key: string,
  wish: Wish,
): Promise<{ readonly result: Result; readonly reading: Reading } | undefined> {
  const node = random.pick(world.nodes);
  const asked = askedFor(world, pool, random, wish, node);
  const request = { key, consistency: asked.level, allowStale: wish.allowStale, lease: wish.lease };
  try {
    const response = await node.process.call(CacheServiceService.get, request, {
      deadline: deadlineIn(wish.lease === undefined ? READ_MS : TRY_MS),
    });
    const result = response.result;
    if (result === undefined || result.$case === 'notModified') throw new Error('a Get without an answer');
    const reading = note(world, asked, key, outcomeOf(result));
    if (result.$case === 'miss') pool.keep(result.value.fence);
    return { result, reading };
  } catch (failure) {
    note(world, asked, key, { kind: 'failed', reason: reasonOf(failure) });
    return undefined;
  }
}

/** Reads several keys at once, and writes each down as a read of its own. */
export async function readKeys(
  world: FleetWorld,
  pool: TokenPool,
  random: SeededRandom,
  keys: readonly string[],
  wish: Wish,
): Promise<void> {
  const node = random.pick(world.nodes);
  const asked = askedFor(world, pool, random, wish, node);
  const request = { keys: [...keys], consistency: asked.level, allowStale: wish.allowStale };
  try {
    const { results, token } = await node.process.call(CacheServiceService.batchGet, request, {
      deadline: deadlineIn(TRY_MS),
    });
    for (const { key, result } of results) {
      if (result === undefined || result.$case === 'error') continue;
      note(world, asked, key, outcomeOf(result));
    }
    pool.keep(token);
  } catch (failure) {
    for (const key of keys) note(world, asked, key, { kind: 'failed', reason: reasonOf(failure) });
  }
}

type Asked = Pick<Reading, 'node' | 'consistency' | 'tokens' | 'allowStale' | 'sentMs'> & {
  readonly level: GetRequest['consistency'];
};

function askedFor(world: FleetWorld, pool: TokenPool, random: SeededRandom, wish: Wish, node: FleetNode): Asked {
  const tokens = wish.consistency === 'at-least' ? pool.pick(random) : [];
  const consistency = wish.consistency === 'at-least' && tokens.length === 0 ? 'any' : wish.consistency;
  const level = {
    any: undefined,
    latest: { level: { $case: 'latest', value: {} } } as const,
    'at-least': atLeast(...tokens),
  }[consistency];
  const opened = tokens.map((token) => world.recorder.open(token));
  return { node: node.index, consistency, tokens: opened, allowStale: wish.allowStale, sentMs: world.nowMs(), level };
}

function note(world: FleetWorld, { level: _, ...asked }: Asked, key: string, outcome: ReadOutcome): Reading {
  const reading: Reading = { ...asked, key, answeredMs: world.nowMs(), outcome };
  world.recorder.readings.push(reading);
  world.recorder.keys.add(key);
  return reading;
}

function outcomeOf(
  result: { readonly $case: 'hit'; readonly value: Hit } | { readonly $case: 'miss'; readonly value: Miss },
): ReadOutcome {
  if (result.$case === 'miss') return { kind: 'miss', reason: nameIn(MissReason, result.value.reason) };
  const { content, revision, stale } = result.value;
  const text = content?.$case === 'value' ? content.value.toString() : '';
  return { kind: 'hit', text, revision, stale };
}
