import { read, setPlain } from './caller/caller.ts';
import { keys, traffic } from './caller/traffic.ts';
import { misfortune } from './faults.ts';
import { nearRead } from './near/near-cache.ts';
import { stepStream } from './near/subscribe.ts';
import { heartbeat } from './node/heartbeat.ts';
import { checkAtEnd, checkHealed } from './promises/at-end.ts';
import type { Situations } from './situations.ts';
import { keepSweeping } from './sweep.ts';
import { timing } from './timing.ts';
import type { Breach } from './truth/truth.ts';
import { type Run, World } from './world.ts';

/** What a run of one seed showed. */
export interface Verdict {
  readonly breaches: readonly Breach[];
  readonly situations: Situations;
  /** What happened, in words; empty unless it was asked for. */
  readonly history: readonly string[];
}

/** Runs one seed: a fleet, its callers and its misfortunes, judged by the promises. The same seed, the same run. */
export function simulate(asked: Run): Verdict {
  const world = new World(asked);
  keepSweeping(world);
  run(world, timing.runMs, () => {
    traffic(world);
    misfortune(world);
  });
  heal(world);
  run(world, timing.calmMs, () => traffic(world));
  world.quiet = true;
  run(world, timing.hushMs, () => undefined);
  readEverywhere(world);
  run(world, timing.quietMs, () => undefined);
  world.settled = true;
  probe(world);
  checkAtEnd(world);
  if (world.shape.faults === 'routine' && world.resets > 0) {
    world.truth.breach('RoutineIsFree', () => `${world.resets} streams were told a Reset`);
  }
  return { breaches: world.truth.breaches, situations: world.situations, history: world.history.lines };
}

function run(world: World, forMs: number, step: () => void): void {
  for (let left = forMs; left > 0; left--) {
    world.schedule.advance();
    for (const partition of world.partitions) partition.replicate(world);
    for (const node of world.nodes) if (node.reachable(world.nowMs)) beat(world, node);
    for (const near of world.nears) stepStream(world, near);
    step();
  }
}

function beat(world: World, node: World['nodes'][number]): void {
  for (const view of node.views) if (world.random.chance(0.25)) heartbeat(world, node, view);
}

function heal(world: World): void {
  world.calm = true;
  for (const node of world.nodes) node.cutUntilMs = Math.min(node.cutUntilMs, world.nowMs);
  for (const near of world.nears) near.stalledUntilMs = 0;
}

/** When all is quiet: everybody reads what is there, then sees what is written anew. */
function probe(world: World): void {
  readEverywhere(world);
  const values = keys.map((key) => setPlain(world, key, { only: world.random.pick(world.nodes) }));
  run(world, 40, () => undefined);
  for (const value of values) checkHealed(world, value);
  run(world, timing.maxLagMs, () => undefined);
  readEverywhere(world);
}

function readEverywhere(world: World): void {
  for (const key of keys) {
    for (const node of world.nodes) read(world, node, key, [], false);
    for (const near of world.nears) nearRead(world, near, key);
  }
  run(world, 40, () => undefined);
}
