import type { StoredLease } from '../../../src/cache/rules/lease.ts';
import type { Partition as PartitionNumber } from '../../../src/cache/rules/position.ts';
import { timing } from '../timing.ts';
import type { Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';
import type { Op } from './op.ts';
import { Server } from './server.ts';

/** A copy that lags. */
interface Replica {
  source: Server;
  applied: number;
  /** When it notices that its source is no longer the primary, and copies the new one. */
  resyncAtMs: number;
}

/** A partition: the primary in force and two replicas. */
export class SimPartition {
  readonly number: PartitionNumber;
  primary: Server;
  /** The one before: a deposed server that may still answer. */
  deposed: Server | undefined;
  #replicas: Replica[];

  constructor(world: World, number: PartitionNumber) {
    this.number = number;
    this.primary = new Server(world, number, []);
    this.#replicas = [this.#copyOf(this.primary), this.#copyOf(this.primary)];
  }

  /** Replicas take over some of what their source did. */
  replicate(world: World): void {
    for (const replica of this.#replicas) {
      const { source } = replica;
      if (source !== this.primary && world.nowMs >= replica.resyncAtMs) {
        Object.assign(replica, this.#copyOf(this.primary));
      } else if (source.deposedAtMs === undefined) {
        this.#follow(world, replica);
      }
    }
  }

  /** Promotes a replica; its lag is lost. The old primary may go on answering whoever is connected to it. */
  failOver(world: World): void {
    const promoted = world.random.pick(this.#replicas);
    const { source, applied } = promoted;
    if (source !== this.primary) world.situations.met('a flap back to a replica that had missed an epoch');
    this.#replace(world, source.ops.slice(0, applied), world.random.chance(0.5));
    Object.assign(promoted, this.#copyOf(this.primary));
  }

  /** The store begins anew with nothing. */
  wipe(world: World): void {
    world.situations.met('a wiped store');
    world.truth.wipedAtMs[this.number] = world.nowMs;
    this.#replace(world, [], false);
    this.#replicas = [this.#copyOf(this.primary), this.#copyOf(this.primary)];
  }

  /** The primary takes another replication id; nothing is lost. */
  changeReplicationId(world: World): void {
    world.situations.met('a routine id change');
    this.primary.replicationId = world.name('r');
    world.history.note(this.primary.id, () => `has replication id ${this.primary.replicationId}`);
  }

  #follow(world: World, replica: Replica): void {
    const { ops } = replica.source;
    for (let op = ops[replica.applied]; op !== undefined; op = ops[replica.applied]) {
      if (!world.random.chance(world.temper.replicationRate) && world.nowMs - op.atMs <= timing.replicaLagMsMax) return;
      replica.applied++;
    }
  }

  #copyOf(source: Server): Replica {
    return { source, applied: source.ops.length, resyncAtMs: 0 };
  }

  #replace(world: World, ops: readonly Op[], lingers: boolean): void {
    const old = this.primary;
    this.deposed = old;
    old.deposedAtMs = world.nowMs;
    old.diesAtMs = world.nowMs + (lingers ? world.random.below(timing.zombieMsMax) : 0);
    this.primary = new Server(world, this.number, ops);
    const standing = new Set<Effect>(ops.flatMap((op) => ('effect' in op ? [op.effect] : [])));
    const lost = world.truth.restand(this.number, standing, world.nowMs);
    const leases = new Set<StoredLease>(ops.flatMap((op) => (op.kind === 'lease' ? [op.lease] : [])));
    world.truth.restandGrants(this.number, leases);
    world.situations.met(lost > 0 ? 'a failover with loss' : 'a failover without loss');
    world.history.note(this.primary.id, () => `replaces ${old.id} in partition ${this.number}, ${lost} changes lost`);
    for (const replica of this.#replicas) {
      if (replica.source === old) replica.resyncAtMs = world.nowMs + world.random.below(60);
    }
    for (const node of world.nodes) if (world.random.chance(0.5)) node.connect(this.number, this.primary);
  }
}
