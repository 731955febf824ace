import { lifetimeFrom } from '../../../src/cache/rules/lifetime.ts';
import type { Epoch, Position } from '../../../src/cache/rules/position.ts';
import type { Placed } from '../../../src/cache/rules/token.ts';
import { call } from '../network.ts';
import { type ChangeReply, type SetGuard, setScript, type Try, touchScript } from '../store/change-scripts.ts';
import { headScript } from '../store/read-scripts.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import { get } from './get.ts';
import { fillOwnWrite } from './l1.ts';
import type { SimNode } from './node.ts';

/** What a caller hears of a change: its token, and the revision it made. */
export type Answer =
  | { readonly kind: 'done'; readonly token: readonly Placed[]; readonly revision: Position }
  | { readonly kind: 'refused' };

/** One Set as it reaches a node. */
export interface SetCommand {
  readonly value: Value;
  readonly guard: SetGuard;
  /** Of a fill: the control position that the miss or the lease had seen. */
  readonly stamp: Position | undefined;
  readonly once: Try | undefined;
}

/** Stores an entry. A plain Set outside the control partition first reads the control partition's head. */
export function set(world: World, node: SimNode, command: SetCommand, done: (answer: Answer) => void): void {
  const plain = command.guard.kind === 'none' && world.partitionOf(command.value.key) !== world.control;
  if (!plain) {
    write(world, node, command, done);
    return;
  }
  call(
    world,
    node,
    world.control,
    (server) => headScript(world, server),
    ({ head, deposed }) => {
      if (deposed) command.value.excuse ??= 'the control head was read from a deposed primary';
      write(world, node, { ...command, stamp: world.rules.plainSetHead(head, appliedIn(world, node)) }, done);
    },
  );
}

function write(world: World, node: SimNode, command: SetCommand, done: (answer: Answer) => void): void {
  const { value } = command;
  const partition = world.partitionOf(value.key);
  call(
    world,
    node,
    partition,
    (server) => setScript(world, server, command),
    (reply, { sentAtMs }) => {
      if (reply.kind === 'applied' && !reply.repeated) {
        const { position } = reply;
        const lifetime = lifetimeFrom(sentAtMs, value.ttlMs, value.staleWindowMs);
        const { key, tags } = value;
        const stamp = reply.stamp ?? position;
        fillOwnWrite(world, node, { key, tags, value, position, stamp, markedStale: false, ...lifetime });
      }
      done(answerOf(world, partition, reply));
    },
  );
}

/** Gives a key's entry a new lifetime, if it is visible and fresh. */
export function touch(world: World, node: SimNode, key: string, ttlMs: number, done: (answer: Answer) => void): void {
  get(world, node, key, [], (outcome) => {
    if (outcome.kind !== 'hit' || outcome.stale) return;
    const partition = world.partitionOf(key);
    const { record } = outcome;
    call(
      world,
      node,
      partition,
      (server) => touchScript(world, server, record, ttlMs),
      (reply) => {
        if (reply.kind === 'applied') world.situations.met('a Touch');
        done(answerOf(world, partition, reply));
      },
    );
  });
}

function appliedIn(world: World, node: SimNode): Position {
  const { chain, applied } = node.views[world.control]!;
  return { epoch: chain?.epoch ?? ('' as Epoch), number: applied };
}

function answerOf(world: World, partition: number, reply: ChangeReply): Answer {
  if (reply.kind === 'refused') return { kind: 'refused' };
  const { position, stamp } = reply;
  const own = { partition, position };
  const spread = stamp !== undefined && partition !== world.control;
  const token = spread ? [own, { partition: world.control, position: stamp }] : [own];
  return { kind: 'done', token, revision: position };
}
