import { CacheServiceService } from '../../../../src/gen/reprise/v1/cache_service.ts';
import { milliseconds, onlyIf } from '../../../support/cache-calls.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { Grant } from '../history/operation.ts';
import { type Changer, makeChange, type SetWish, setKey } from './changes.ts';
import type { FleetWorld } from './fleet-world.ts';
import { pass } from './pause.ts';
import { type Plan, pickPlan, pickRead } from './plan.ts';
import { readKey, readKeys } from './reads.ts';
import { deadlineIn, TRY_MS } from './repeat.ts';
import type { TokenPool } from './token-pool.ts';

/** Milliseconds between two calls of a caller. */
const REST_MS_MAX = 25;
/** Keys that nobody else changes, but by tag, prefix or namespace. */
const FILLED = ['q:1', 'q:2'] as const;

/** One who makes one call after the other, until told to stop. */
export async function runCaller(changer: Changer, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await follow(changer, pickPlan(changer.random));
    await pass(changer.random.below(REST_MS_MAX));
  }
}

/** One who only computes what is missing of a few keys, and removes it again, so that several want to fill the same. */
export async function runFiller(changer: Changer, isOver: () => boolean): Promise<void> {
  const { random } = changer;
  while (!isOver()) {
    const key = random.pick(FILLED);
    await getOrCompute(changer, { kind: 'compute', key, withLease: random.chance(0.8) });
    if (random.chance(0.3)) await makeChange(changer, { kind: 'delete', key });
    await pass(random.below(REST_MS_MAX));
  }
}

/** One who only reads, as quickly as answers come. */
export async function runReader({ world, pool, random }: Changer, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const plan = pickRead(random);
    await readKey(world, pool, random, plan.key, plan);
    await pass(random.below(REST_MS_MAX));
  }
}

async function follow(changer: Changer, plan: Plan): Promise<void> {
  const { world, pool, random } = changer;
  switch (plan.kind) {
    case 'get':
      await readKey(world, pool, random, plan.key, plan);
      return;
    case 'batch-get':
      await readKeys(world, pool, random, plan.keys, { ...plan, allowStale: false });
      return;
    case 'compute':
      await getOrCompute(changer, plan);
      return;
    case 'set':
      await setPlain(changer, plan);
      return;
    default:
      await makeChange(changer, plan);
  }
}

async function setPlain(changer: Changer, { key, condition }: Extract<Plan, { kind: 'set' }>): Promise<void> {
  const { world, pool, random } = changer;
  const wish = (only: SetWish['condition']): SetWish => ({
    origin: 'plain',
    begunMs: world.nowMs(),
    under: '',
    condition: only,
  });
  switch (condition) {
    case 'none':
      await setKey(changer, key, wish(undefined));
      return;
    case 'absent':
    case 'present':
      await setKey(changer, key, wish(onlyIf({ $case: condition, value: {} })));
      return;
    case 'revision': {
      const read = await readKey(world, pool, random, key, { consistency: 'any', allowStale: true });
      if (read?.result.$case !== 'hit') return;
      await setKey(changer, key, wish(onlyIf({ $case: 'revision', value: read.result.value.revision })));
    }
  }
}

const HOLDS_MS = [400, 1000, 3000] as const;

/** Reads; who misses computes, quickly or so slowly that the world has changed, and stores the value on any node. */
async function getOrCompute(changer: Changer, { key, withLease }: Extract<Plan, { kind: 'compute' }>): Promise<void> {
  const { world, pool, random } = changer;
  const holdMs = random.pick(HOLDS_MS);
  const lease = withLease ? { hold: milliseconds(holdMs), wait: milliseconds(random.pick([0, 0, 200])) } : undefined;
  const read = await readKey(world, pool, random, key, { consistency: 'any', allowStale: false, lease });
  if (read === undefined || read.result.$case === 'notModified') return;
  const { result, reading } = read;
  const granted = result.value.lease;
  const begunMs = world.nowMs();
  if (granted !== undefined) {
    const grant = {
      key,
      leaseId: granted.id,
      node: reading.node,
      holdMs,
      sentMs: reading.sentMs,
      answeredMs: reading.answeredMs,
    };
    await fillUnderLease(changer, noteGrant(world, grant), begunMs);
  } else if (result.$case === 'miss' && !withLease && random.chance(0.7)) {
    await pass(computeMs(random));
    const condition = onlyIf({ $case: 'fence', value: result.value.fence });
    await setKey(changer, key, { origin: 'fence', begunMs, under: result.value.fence, condition });
  }
}

type WritableGrant = { -readonly [Field in keyof Grant]: Grant[Field] };

function noteGrant(world: FleetWorld, grant: Omit<Grant, 'releasedMs'>): WritableGrant {
  const noted: WritableGrant = { ...grant, releasedMs: undefined };
  world.recorder.grants.push(noted);
  return noted;
}

async function fillUnderLease(changer: Changer, grant: WritableGrant, begunMs: number): Promise<void> {
  const { world, random } = changer;
  const { key, leaseId } = grant;
  await pass(computeMs(random));
  if (!random.chance(0.15)) {
    const condition = onlyIf({ $case: 'leaseId', value: leaseId });
    await setKey(changer, key, { origin: 'lease', begunMs, under: leaseId, condition });
    return;
  }
  grant.releasedMs = world.nowMs();
  const { process } = random.pick(world.nodes);
  await process
    .call(CacheServiceService.releaseLease, { key, leaseId }, { deadline: deadlineIn(TRY_MS) })
    .catch(() => undefined);
}

/** Most computations are quick; some outlive their lease, or what they were computed from. */
function computeMs(random: SeededRandom): number {
  return random.below(random.chance(0.5) ? 40 : 700);
}

/** Returns who changes and reads by its own chance. */
export function callerOf(world: FleetWorld, random: SeededRandom, pool: TokenPool): Changer {
  return { world, random, pool };
}
