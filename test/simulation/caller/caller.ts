import type { Position } from '../../../src/cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import { get } from '../node/get.ts';
import { invalidate } from '../node/invalidate.ts';
import type { SimNode } from '../node/node.ts';
import { set, touch } from '../node/set.ts';
import { checkRead, type Read } from '../promises/check-read.ts';
import type { Token } from '../tokens.ts';
import { selectorWords } from '../truth/effect.ts';
import type { Invalidation } from '../truth/truth.ts';
import { type Value, valueWords } from '../truth/value.ts';
import type { World } from '../world.ts';
import { fill } from './fill.ts';
import { repeat } from './repeat.ts';

/** Reads a key; who misses may compute it. */
export function read(world: World, node: SimNode, key: string, tokens: readonly Token[], mayFill: boolean): void {
  const asked: Read = { key, tokens, startedAtMs: world.nowMs, from: node.name };
  get(world, node, key, tokens, (outcome) => {
    if (outcome.kind === 'token-unusable') world.situations.met('a token refused');
    checkRead(world, asked, outcome);
    if (tokens.length > 0 && outcome.kind === 'hit' && outcome.tier === 'L2')
      world.situations.met('a token read through');
    if (outcome.kind !== 'miss') return;
    if (world.random.chance(0.1)) world.keepToken(fenceToken(world, key, outcome.fence));
    if (mayFill && world.random.chance(0.7)) fill(world, node, key, outcome.fence);
  });
}

/** Who is to take a Set, and who hears that it was stored under a revision. */
export interface SetWishes {
  readonly only?: SimNode;
  readonly stored?: (value: Value, revision: Position) => void;
}

/** Stores a value of its own, as it is. */
export function setPlain(world: World, key: string, { only, stored }: SetWishes = {}): Value {
  const value = newValue(world, key, 'plain');
  world.history.note('caller', () => `sets ${valueWords(value)}`);
  repeat(
    world,
    (node, once, answered) =>
      set(world, only ?? node, { value, guard: { kind: 'none' }, stamp: undefined, once }, answered),
    (answer, node) => {
      if (answer.kind === 'refused') return;
      value.ackedAtMs = world.nowMs;
      world.keepToken(answer.token);
      stored?.(value, answer.revision);
      world.acknowledged(node, world.partitionOf(key));
    },
  );
  return value;
}

/** Gives the entry of a key another lifetime. */
export function touchKey(world: World, node: SimNode, key: string): void {
  touch(world, node, key, 20 + world.random.below(world.temper.ttlMsMax), (answer) => {
    if (answer.kind === 'done') world.keepToken(answer.token);
  });
}

/** Invalidates. */
export function invalidateSome(world: World, selector: Selector, mode: InvalidationMode): void {
  const invalidation: Invalidation = {
    id: world.number(),
    selector,
    mode,
    invokedAtMs: world.nowMs,
    ackedAtMs: undefined,
    ackedBy: undefined,
    effects: [],
    reissues: [],
  };
  world.truth.invalidations.push(invalidation);
  world.history.note('caller', () => `i${invalidation.id}: ${mode} ${selectorWords(selector)}`);
  repeat(
    world,
    (node, once, answered) => invalidate(world, node, invalidation, once, answered),
    (answer, node) => {
      if (answer.kind === 'refused') return;
      invalidation.ackedAtMs = world.nowMs;
      invalidation.ackedBy = { node: node.index, generation: node.generation };
      world.history.note('caller', () => `i${invalidation.id} is acknowledged by ${node.name}`);
      world.keepToken(answer.token);
      for (const { partition } of answer.token) world.acknowledged(node, partition);
    },
  );
}

/** Makes a value that a caller has begun to compute now. */
export function newValue(world: World, key: string, origin: Value['origin']): Value {
  const { random } = world;
  const value: Value = {
    id: world.number(),
    key,
    tags: random.pick([[], ['a'], ['b'], ['a', 'b']]),
    origin,
    ttlMs: random.chance(0.4) ? world.temper.ttlMsMax : 20 + random.below(world.temper.ttlMsMax - 20),
    staleWindowMs: random.chance(0.5) ? 0 : random.below(60),
    begunAtMs: world.nowMs,
    ackedAtMs: undefined,
    effects: [],
    lives: [],
    stamp: undefined,
    excuse: undefined,
  };
  world.truth.values.push(value);
  return value;
}

function fenceToken(
  world: World,
  key: string,
  fence: { key: Token[0]['position']; control: Token[0]['position'] },
): Token {
  const partition = world.partitionOf(key);
  const own = { partition, position: fence.key };
  return partition === world.control ? [own] : [own, { partition: world.control, position: fence.control }];
}
