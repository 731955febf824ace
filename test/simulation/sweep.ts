import type { Epoch } from '../../src/cache/rules/position.ts';
import { keys } from './caller/traffic.ts';
import { call } from './network.ts';
import type { SimNode } from './node/node.ts';
import { beatScript, coveringScript, readScript } from './store/read-scripts.ts';
import { pruneScript, settleScript } from './store/sweep-scripts.ts';
import { timing } from './timing.ts';
import type { World } from './world.ts';

/** A pass of the sweep: one node goes through all keys, then waits, and asks whether it counts. */
interface Pass {
  readonly node: SimNode;
  readonly generation: number;
  readonly begunAtMs: number;
  readonly epochs: (Epoch | undefined)[];
  sweptTo: number;
  broken: boolean;
}

/** Lets one node after the other make a pass, for as long as the run goes on. */
export function keepSweeping(world: World): void {
  const node = world.random.pick(world.nodes);
  const epochs = world.partitions.map(() => undefined);
  const pass: Pass = { node, generation: node.generation, begunAtMs: world.nowMs, epochs, sweptTo: 0, broken: false };
  begin(world, pass);
  world.schedule.after(60 + world.random.below(300), () => keepSweeping(world));
}

function begin(world: World, pass: Pass): void {
  const { node } = pass;
  call(
    world,
    node,
    world.control,
    (server) => ({ epoch: server.state.chain?.epoch, newest: server.state.watermarks.newest }),
    ({ epoch, newest }) => {
      pass.sweptTo = newest;
      meet(pass, world.control, epoch);
      sweepFrom(world, pass, 0);
    },
  );
}

function sweepFrom(world: World, pass: Pass, index: number): void {
  const key = keys[index];
  if (pass.broken) return;
  if (key === undefined) {
    ended(world, pass);
    return;
  }
  const { node } = pass;
  const partition = world.partitionOf(key);
  const next = (): void => sweepFrom(world, pass, index + 1);
  call(
    world,
    node,
    partition,
    (server) => readScript(world, server, key),
    ({ record, chain }) => {
      meet(pass, partition, chain.epoch);
      if (record === undefined) return next();
      call(
        world,
        node,
        world.control,
        (server) => coveringScript(world, server, record),
        (reply) => {
          meet(pass, world.control, reply.chain.epoch);
          const verdict = world.rules.sweepVerdict(reply.chain, reply.covering, record.stamp);
          if (verdict === 'visible') return next();
          call(world, node, partition, (server) => settleScript(world, server, record, verdict), next);
        },
      );
    },
  );
}

/** A pass sees each partition in one epoch, or it is broken. */
function meet(pass: Pass, partition: number, epoch: Epoch | undefined): void {
  const known = pass.epochs[partition];
  if (epoch === undefined || (known !== undefined && known !== epoch)) pass.broken = true;
  pass.epochs[partition] = epoch;
}

/** Asks, once nothing can be lost any more, whether every partition is still in the epoch in which it was swept. */
function ended(world: World, pass: Pass): void {
  const endedAtMs = world.nowMs;
  world.schedule.after(world.rules.sweepPatienceMs(timing.memoryMs), () => {
    const askedAtMs = world.nowMs;
    const found: (Epoch | undefined)[] = world.partitions.map(() => undefined);
    const swept = { endedAtMs, epochs: pass.epochs.map((epoch) => epoch ?? NONE) };
    for (const { number } of world.partitions) {
      call(
        world,
        pass.node,
        number,
        (server) => beatScript(world, server, Number.POSITIVE_INFINITY),
        ({ chain, inForce }) => {
          if (!inForce) return;
          found[number] = chain.epoch;
          if (found.includes(undefined)) return;
          const epochs = found.map((epoch) => epoch ?? NONE);
          if (world.rules.sweepCounts(swept, { askedAtMs, epochs }, timing.memoryMs)) forget(world, pass);
          else world.situations.met('a pass that did not count');
        },
      );
    }
  });
}

const NONE = '' as Epoch;

function forget(world: World, { node, sweptTo, epochs, begunAtMs }: Pass): void {
  call(
    world,
    node,
    world.control,
    (server) => {
      if (server.state.chain?.epoch !== epochs[world.control]) return;
      pruneScript(world, server, sweptTo, world.rules.settledBeforeMs(begunAtMs, timing.stampAgeMs));
    },
    () => undefined,
  );
}
