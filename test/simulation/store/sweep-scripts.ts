import { samePosition } from '../../../src/cache/rules/position.ts';
import type { World } from '../world.ts';
import type { StoredRecord } from './op.ts';
import { commit, type Server } from './server.ts';

/** Makes permanent what the watermarks say of an entry that is still the one that was read. No change of the log. */
export function settleScript(
  world: World,
  server: Server,
  read: StoredRecord,
  verdict: 'removed' | 'marked-stale',
): void {
  const record = server.state.records.get(read.key);
  if (record === undefined || !samePosition(record.position, read.position)) return;
  world.situations.met('a swept entry');
  commit(world, server, { kind: 'settle', atMs: world.nowMs, record, verdict });
}

/** Forgets watermarks. */
export function pruneScript(world: World, server: Server, sweptTo: number, changedBeforeMs: number): void {
  const { size } = server.state.watermarks;
  commit(world, server, { kind: 'prune', atMs: world.nowMs, sweptTo, changedBeforeMs });
  const forgotten = size - server.state.watermarks.size;
  if (forgotten > 0) world.situations.met('forgotten watermarks', forgotten);
}

/** Makes room, or purges what is gone: the entry leaves without a change, and its number is remembered. */
export function leaveScript(world: World, server: Server, key: string): void {
  const record = server.state.records.get(key);
  if (record === undefined) return;
  if (world.nowMs < record.goneAtMs) {
    world.situations.met('an eviction');
    record.value.excuse ??= 'it was evicted';
  }
  const { floor } = server.state;
  commit(world, server, { kind: 'leave', atMs: world.nowMs, key });
  if (server.state.floor > floor) world.situations.met('a forgotten tombstone');
}
