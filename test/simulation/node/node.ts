import type { PrimaryProof } from '../../../src/cache/rules/permit.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import type { Acknowledged } from '../../../src/cache/rules/reissue.ts';
import type { Server } from '../store/server.ts';
import type { Invalidation } from '../truth/truth.ts';
import type { World } from '../world.ts';
import type { Flight } from './get.ts';
import type { L1Item } from './l1.ts';
import { newView, type View } from './view.ts';

/** An invalidation that the node acknowledged, until nothing can lose it any more. */
export interface Kept extends Acknowledged {
  readonly invalidation: Invalidation;
  readonly partition: Partition;
  /** When it was last sent again; `undefined` if it was not, or that was acknowledged. */
  reissuedAtMs: number | undefined;
}

/** One process of the fleet. All that it holds dies with it. */
export class SimNode {
  readonly index: number;
  readonly name: string;
  /** Which life of the process this is: answers to an earlier one are lost. */
  generation = 0;
  cutUntilMs = 0;
  /** The server that each partition's connection leads to, deposed or not. */
  readonly links: Server[];
  readonly proofs: (PrimaryProof | undefined)[];
  readonly beatSentAtMs: number[];
  views: View[];
  readonly l1 = new Map<string, L1Item>();
  kept: Kept[] = [];
  readonly flights = new Map<string, Flight>();

  constructor(world: World, index: number) {
    this.index = index;
    this.name = `node ${index}`;
    this.links = world.partitions.map(({ primary }) => primary);
    this.proofs = world.partitions.map(() => undefined);
    this.beatSentAtMs = world.partitions.map(() => Number.NEGATIVE_INFINITY);
    this.views = world.partitions.map(({ number }) => newView(world, number));
  }

  /** Leads a partition's connection to a server, of which nothing is proven yet. */
  connect(partition: Partition, server: Server): void {
    if (this.links[partition] === server) return;
    this.links[partition] = server;
    this.proofs[partition] = undefined;
  }

  /** The process dies, and starts again. */
  kill(world: World): void {
    world.situations.met('a killed node');
    world.history.note(this.name, () => 'is killed');
    this.generation++;
    this.cutUntilMs = world.nowMs + world.random.below(30);
    this.views = world.partitions.map(({ number }) => newView(world, number));
    this.proofs.fill(undefined);
    this.l1.clear();
    this.flights.clear();
    this.kept = [];
  }

  /** Tells whether the node reaches anybody. */
  reachable(nowMs: number): boolean {
    return this.cutUntilMs <= nowMs;
  }
}
