import { Metadata } from '@grpc/grpc-js';
import { CacheServiceService, type SetRequest } from '../../../../src/gen/reprise/v1/cache_service.ts';
import type { Condition } from '../../../../src/gen/reprise/v1/entry.ts';
import { InvalidationMode, InvalidationServiceService } from '../../../../src/gen/reprise/v1/invalidation_service.ts';
import { milliseconds, resultOf, textValue } from '../../../support/cache-calls.ts';
import type { Calling } from '../../../support/call.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { traceparentOf } from '../../workload/pick-mutation.ts';
import { selectorOf } from '../../workload/send-mutation.ts';
import type { Operation, Origin, Outcome } from '../history/operation.ts';
import type { FleetNode } from './fleet-node.ts';
import type { FleetWorld } from './fleet-world.ts';
import { type Plan, pickLife } from './plan.ts';
import { repeat } from './repeat.ts';
import type { TokenPool } from './token-pool.ts';

/** What an answer says of a change; `undefined` where it was refused. */
interface Answer {
  readonly revision: string;
  readonly token: string;
  readonly sum?: number;
  readonly refused?: string;
}

type Send = (node: FleetNode, requestId: string, calling: Calling) => Promise<Answer>;

/** One who changes things: where, by what chance, and with whose tokens. */
export interface Changer {
  readonly world: FleetWorld;
  readonly random: SeededRandom;
  readonly pool: TokenPool;
}

/** How a Set is stored, beside its key. */
export interface SetWish {
  readonly origin: Origin;
  readonly begunMs: number;
  /** A lease, a fence; empty without. */
  readonly under: string;
  readonly condition: Condition | undefined;
}

const TRIES_MAX = 4;

let texts = 0;

/** Sets a key to a text that nobody else writes. Returns the revision; empty if it was not stored. */
export async function setKey(changer: Changer, key: string, wish: SetWish): Promise<string> {
  const { ttlMs, staleWindowMs, tags } = pickLife(changer.random);
  const text = `v${++texts}`;
  const request: Partial<SetRequest> = {
    ...{ key, content: textValue(text), tags, condition: wish.condition },
    ...{ ttl: milliseconds(ttlMs), staleWindow: milliseconds(staleWindowMs) },
  };
  const send: Send = async (node, requestId, calling) => {
    const result = resultOf(await node.process.call(CacheServiceService.set, { ...request, requestId }, calling));
    return result.$case === 'stored' ? result.value : { revision: '', token: '', refused: `${result.value.reason}` };
  };
  const { origin, begunMs, under } = wish;
  const made = await change(changer, send, (called) => {
    return { ...called, kind: 'set', key, text, tags, ttlMs, staleWindowMs, origin, begunMs, under };
  });
  return made.outcome.kind === 'applied' ? made.outcome.revision : '';
}

/** Makes any other change of a plan. */
export async function makeChange(
  changer: Changer,
  plan: Extract<Plan, { kind: 'delete' | 'touch' | 'increment' | 'invalidate' }>,
): Promise<void> {
  const describe = (called: Called, sum: number | undefined): Operation => {
    switch (plan.kind) {
      case 'delete':
      case 'touch':
        return { ...called, kind: plan.kind, key: plan.key };
      case 'increment':
        return { ...called, kind: 'increment', key: plan.key, delta: plan.delta, sum };
      case 'invalidate':
        return { ...called, kind: 'invalidate', selectors: plan.selectors, mode: plan.mode };
    }
  };
  await change(changer, sendOf(plan), describe);
}

function sendOf(plan: Extract<Plan, { kind: 'delete' | 'touch' | 'increment' | 'invalidate' }>): Send {
  switch (plan.kind) {
    case 'delete':
      return async ({ process }, requestId, calling) => {
        const { token } = await process.call(CacheServiceService.delete, { key: plan.key, requestId }, calling);
        return { revision: '', token };
      };
    case 'touch':
      return async ({ process }, requestId, calling) => {
        const request = { key: plan.key, ttl: milliseconds(60_000), requestId };
        const { value } = resultOf(await process.call(CacheServiceService.touch, request, calling));
        return 'revision' in value
          ? { revision: value.revision, token: value.token }
          : { revision: '', token: value.token };
      };
    case 'increment':
      return async ({ process }, requestId, calling) => {
        const request = { key: plan.key, delta: BigInt(plan.delta), ttl: milliseconds(600_000), requestId };
        const result = resultOf(await process.call(CacheServiceService.increment, request, calling));
        if (result.$case === 'notIncremented') return { revision: '', token: '', refused: `${result.value.reason}` };
        return { revision: result.value.revision, token: result.value.token, sum: Number(result.value.value) };
      };
    case 'invalidate':
      return async ({ process }, requestId, calling) => {
        const mode = plan.mode === 'remove' ? InvalidationMode.REMOVE : InvalidationMode.MARK_STALE;
        const request = { selector: selectorOf(plan.selectors), mode, requestId };
        const result = resultOf(await process.call(InvalidationServiceService.invalidate, request, calling));
        if (result.$case !== 'invalidated') throw new Error('an Invalidate counted');
        return { revision: '', token: result.value.token };
      };
  }
}

type Called = Pick<Operation, 'id' | 'node' | 'life' | 'invokedMs' | 'endedMs' | 'tries' | 'outcome'>;

async function change(
  { world, random, pool }: Changer,
  send: Send,
  describe: (called: Called, sum: number | undefined) => Operation,
): Promise<Operation> {
  const id = traceparentOf(random);
  const once = random.chance(0.7);
  const metadata = new Metadata();
  metadata.set('traceparent', id);
  const invokedMs = world.nowMs();
  const ended = await repeat(world, random, once ? TRIES_MAX : 1, (node, deadline) => {
    return send(node, once ? id.slice(0, 40) : '', { metadata, deadline });
  });
  const { node, life, tries } = ended;
  const outcome = outcomeOf(world, ended);
  const sum = ended.kind === 'answered' ? ended.answer.sum : undefined;
  const operation = describe({ id, node, life, tries, outcome, invokedMs, endedMs: world.nowMs() }, sum);
  world.recorder.operations.push(operation);
  if ('key' in operation) world.recorder.keys.add(operation.key);
  if (ended.kind === 'answered') pool.keep(ended.answer.token);
  return operation;
}

function outcomeOf(world: FleetWorld, ended: Awaited<ReturnType<typeof repeat<Answer>>>): Outcome {
  if (ended.kind !== 'answered') return { kind: ended.kind, why: ended.why };
  const { revision, token, refused } = ended.answer;
  if (refused === undefined) return { kind: 'applied', revision, token: world.recorder.open(token) };
  // An earlier try may have been applied all the same.
  return ended.unsure ? { kind: 'unknown', why: `refused: ${refused}` } : { kind: 'refused', why: refused };
}
