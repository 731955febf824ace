import type { Epoch, Partition } from '../../../src/cache/rules/position.ts';
import type { Change, Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';
import type { Op } from './op.ts';
import { PartitionState } from './partition-state.ts';

/** One process that holds a partition as its primary, or did: a deposed one goes on answering for a while. */
export class Server {
  readonly id: string;
  readonly partition: Partition;
  readonly ops: Op[];
  readonly state: PartitionState;
  /** Changes without loss when a replica attaches. */
  replicationId: string;
  /** When another was promoted, which this one does not know. */
  deposedAtMs: number | undefined;
  /** When a deposed one learns of it, or stops. */
  diesAtMs = Number.POSITIVE_INFINITY;

  constructor(world: World, partition: Partition, ops: readonly Op[]) {
    this.id = world.name('s');
    this.replicationId = world.name('r');
    this.partition = partition;
    this.ops = [...ops];
    this.state = new PartitionState(world.rules.newWatermarkTable(world.temper.rowsMax), world.temper.bounds);
    for (const op of ops) this.state.apply(op);
  }

  /** Tells whether it still answers. */
  answers(nowMs: number): boolean {
    return nowMs < this.diesAtMs;
  }
}

/** The lineage check: begins a new epoch if the history may have been lost. */
export function checkLineage(world: World, server: Server): void {
  const { state, replicationId } = server;
  const { chain, head } = state;
  const meta = chain === undefined ? undefined : { chain, head, replicationId: state.replicationId };
  const begun = world.rules.newLineage(meta, replicationId, () => world.name('e') as Epoch, world.temper.ancestorsMax);
  if (begun === undefined) return;
  if (chain !== undefined && chain.ancestors.length >= world.temper.ancestorsMax)
    world.situations.met('a forgotten epoch');
  const effect = effectOf(world, server, { kind: 'epoch' }, begun.epoch);
  commit(world, server, { kind: 'epoch', atMs: world.nowMs, effect, chain: begun, replicationId });
}

/** Numbers a change. */
export function effectOf(world: World, server: Server, change: Change, epoch = server.state.chain?.epoch): Effect {
  const { state, partition, deposedAtMs } = server;
  if (epoch === undefined) throw new Error('no script has run');
  return world.truth.happened({
    partition,
    atMs: world.nowMs,
    position: { epoch, number: state.head + 1 },
    previous: state.last,
    change,
    lostAtMs: deposedAtMs,
  });
}

/** Applies an operation and rings for whoever listens. */
export function commit(world: World, server: Server, op: Op): void {
  const { folds } = server.state.watermarks;
  server.ops.push(op);
  server.state.apply(op);
  if (server.state.watermarks.folds > folds) world.folded();
  if (!('effect' in op)) return;
  if (server.deposedAtMs !== undefined) world.situations.met('a write to a deposed primary');
  world.history.note(server.id, () => `${world.words(op.effect)}`);
  world.ring(server, op.effect);
}
