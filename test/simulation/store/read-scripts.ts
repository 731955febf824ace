import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { Coverable } from '../../../src/cache/rules/selector.ts';
import type { Watermark, WatermarkRow } from '../../../src/cache/rules/watermark-table.ts';
import { pageMax } from '../timing.ts';
import type { Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';
import type { StoredRecord } from './op.ts';
import { checkLineage, type Server } from './server.ts';

/** What every answer tells of its partition. */
export interface Told {
  readonly chain: EpochChain;
  readonly head: Position;
  /** Store time. */
  readonly nowMs: number;
}

/** Answer to a read of one key. */
export interface ReadReply extends Told {
  readonly record: StoredRecord | undefined;
  /** Number of the newest watermark here; 0 if there is none. */
  readonly newestWatermark: number;
}

/** Answer to a heartbeat. */
export interface BeatReply extends Told {
  /** What Sentinel says at this moment: whether the server is the primary. */
  readonly inForce: boolean;
  /** A page of the log after what the node had applied. */
  readonly changes: readonly Effect[];
}

/** Reads one key. No lineage check, since a read is no script: a promoted replica may still speak of its old epoch. */
export function readScript(world: World, server: Server, key: string): ReadReply {
  return {
    ...told(world, server),
    record: server.state.alive(key, world.nowMs),
    newestWatermark: server.state.watermarks.newest,
  };
}

/** Reads a control partition's head and the watermarks that cover an entry. */
export function coveringScript(world: World, server: Server, entry: Coverable): Told & { covering: Watermark } {
  return { ...told(world, server), covering: server.state.watermarks.covering(entry) };
}

/** Reads the head alone. */
export function headScript(world: World, server: Server): Told & { readonly deposed: boolean } {
  return { ...told(world, server), deposed: server.deposedAtMs !== undefined };
}

/** Reads a control partition's whole table. */
export function tableScript(world: World, server: Server): Told & { readonly rows: readonly WatermarkRow[] } {
  return { ...told(world, server), rows: server.state.watermarks.rows() };
}

/** Checks the lineage, and reads the log after a number. */
export function beatScript(world: World, server: Server, after: number): BeatReply {
  checkLineage(world, server);
  const { log } = server.state;
  const newer = log.filter(({ position }) => position.number > after);
  const changes = newer.slice(0, world.quiet ? newer.length : 1 + world.random.below(pageMax));
  return { ...told(world, server), inForce: server.deposedAtMs === undefined, changes };
}

function told(world: World, server: Server): Told {
  if (server.state.chain === undefined) checkLineage(world, server);
  return { chain: server.state.chain!, head: server.state.headPosition, nowMs: world.nowMs };
}
