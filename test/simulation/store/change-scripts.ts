import type { Fence } from '../../../src/cache/rules/fence.ts';
import { lifetimeFrom } from '../../../src/cache/rules/lifetime.ts';
import { type Position, samePosition } from '../../../src/cache/rules/position.ts';
import { checkFill } from '../promises/one-filler.ts';
import { timing } from '../timing.ts';
import { type Effect, stands } from '../truth/effect.ts';
import type { Invalidation } from '../truth/truth.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import type { Remembered, StoredRecord } from './op.ts';
import { checkLineage, commit, effectOf, type Server } from './server.ts';

/** What must hold for a Set to be applied. */
export type SetGuard =
  | { readonly kind: 'none' }
  | { readonly kind: 'fence'; readonly fence: Fence }
  | { readonly kind: 'lease'; readonly leaseId: string };

/** One try of a change. */
export interface Try {
  readonly requestId: string;
  readonly notAfterMs: number;
}

/** Answer to a change. */
export type ChangeReply =
  | {
      readonly kind: 'applied';
      readonly position: Position;
      readonly stamp: Position | undefined;
      readonly repeated: boolean;
    }
  | { readonly kind: 'refused' };

const REFUSED: ChangeReply = { kind: 'refused' };

/** A Set as a node sends it. */
export interface SetWish {
  readonly value: Value;
  readonly guard: SetGuard;
  /** Of a fill what the miss had seen; of a plain Set the control head read before. */
  readonly stamp: Position | undefined;
  readonly once: Try | undefined;
}

/** Stores an entry. */
export function setScript(world: World, server: Server, wish: SetWish): ChangeReply {
  checkLineage(world, server);
  const { value, guard } = wish;
  return applyOnce(world, server, wish.once, (remember) => {
    if (!guardHolds(world, server, value.key, guard)) return REFUSED;
    const effect = effectOf(world, server, { kind: 'set', key: value.key, value });
    const stamp = guard.kind === 'none' ? plainStampOf(world, server, effect, wish.stamp) : wish.stamp;
    if (stamp === undefined) throw new Error('a Set has no stamp');
    if (guard.kind === 'lease') checkFill(world, server, value, guard.leaseId);
    value.stamp = stamp;
    const record = writtenRecord(world, value, effect, stamp, value.ttlMs);
    commit(world, server, { kind: 'write', atMs: world.nowMs, effect, record, ...remember(effect, stamp) });
    return { kind: 'applied', position: effect.position, stamp, repeated: false };
  });
}

/**
 * Gives an entry a new lifetime, if it is still the one that was read. Its stamp stays. What the sweep settled meanwhile
 * has the same position, but a new lifetime would undo what no watermark may know any more.
 */
export function touchScript(world: World, server: Server, read: StoredRecord, ttlMs: number): ChangeReply {
  checkLineage(world, server);
  const record = server.state.alive(read.key, world.nowMs);
  if (record === undefined || record.markedStale || !samePosition(record.position, read.position)) return REFUSED;
  const effect = effectOf(world, server, { kind: 'touch', key: record.key, value: record.value });
  const touched = writtenRecord(world, record.value, effect, record.stamp, ttlMs);
  commit(world, server, { kind: 'write', atMs: world.nowMs, effect, record: touched });
  return { kind: 'applied', position: effect.position, stamp: record.stamp, repeated: false };
}

/** Removes a key's entry, or raises a watermark. */
export function invalidateScript(
  world: World,
  server: Server,
  invalidation: Invalidation,
  once: Try | 're-issue',
): ChangeReply {
  checkLineage(world, server);
  return applyOnce(world, server, once === 're-issue' ? undefined : once, (remember) => {
    const { selector, mode } = invalidation;
    const atMs = world.nowMs;
    const removed = selector.kind === 'key' && mode === 'remove' ? selector.key : undefined;
    const effect = effectOf(
      world,
      server,
      removed === undefined ? { kind: 'invalidate', selector, mode } : { kind: 'remove', key: removed },
    );
    (once === 're-issue' ? invalidation.reissues : invalidation.effects).push(effect);
    if (removed === undefined) {
      commit(world, server, { kind: 'raise', atMs, effect, selector, mode, ...remember(effect, undefined) });
    } else {
      world.truth.keyChanged(removed, { effect, operation: invalidation });
      commit(world, server, { kind: 'remove', atMs, effect, key: removed, ...remember(effect, undefined) });
    }
    return { kind: 'applied', position: effect.position, stamp: undefined, repeated: false };
  });
}

type Remember = (effect: Effect, stamp: Position | undefined) => { readonly once?: Remembered };

function applyOnce(
  world: World,
  server: Server,
  once: Try | undefined,
  apply: (remember: Remember) => ChangeReply,
): ChangeReply {
  if (once === undefined) return apply(() => ({}));
  const { requestId, notAfterMs } = once;
  const known = server.state.requests.get(requestId);
  const earlier = known !== undefined && world.nowMs - known.atMs <= timing.requestAgeMs ? known : undefined;
  switch (world.rules.onceStep({ appliedAtMs: earlier?.atMs, notAfterMs }, world.nowMs)) {
    case 'repeat':
      world.situations.met('a repeated try');
      return { kind: 'applied', position: earlier!.position, stamp: earlier!.stamp, repeated: true };
    case 'refuse':
      world.situations.met('a late try refused');
      return REFUSED;
    case 'apply':
      return apply(({ position }, stamp) => ({ once: { requestId, position, stamp, atMs: world.nowMs } }));
  }
}

function guardHolds(world: World, { state }: Server, key: string, guard: SetGuard): boolean {
  const { nowMs, rules } = world;
  switch (guard.kind) {
    case 'none':
      return true;
    case 'lease':
      return world.met(
        rules.leaseStands(state.leases.get(key), guard.leaseId, nowMs),
        'a fill under a lease',
        'a fill under a void lease refused',
      );
    case 'fence': {
      const facts = { chain: state.chain!, newestChange: state.newestChange(key), floor: state.floor, nowMs };
      const held = rules.fenceStands(guard.fence, facts, timing.fenceAgeMs);
      return world.met(held, 'a fence honoured', 'a fence refused');
    }
  }
}

function plainStampOf(
  world: World,
  { partition }: Server,
  { position }: Effect,
  controlHead: Position | undefined,
): Position | undefined {
  return world.rules.plainStamp({ partition, control: world.control, own: position, controlHead });
}

function writtenRecord(world: World, value: Value, effect: Effect, stamp: Position, ttlMs: number): StoredRecord {
  const lifetime = lifetimeFrom(world.nowMs, ttlMs, value.staleWindowMs);
  value.effects.push(effect);
  value.lives.push({ effect, ...lifetime });
  if (!stands(effect)) value.excuse ??= 'it was written to a deposed primary';
  world.truth.keyChanged(value.key, { effect, operation: value });
  return { key: value.key, tags: value.tags, value, position: effect.position, stamp, markedStale: false, ...lifetime };
}
