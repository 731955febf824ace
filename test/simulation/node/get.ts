import type { Position } from '../../../src/cache/rules/position.ts';
import { call } from '../network.ts';
import type { StoredRecord } from '../store/op.ts';
import { type ReadReply, readScript } from '../store/read-scripts.ts';
import { firstFault, type Token } from '../tokens.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import { type ControlVerdict, judgeByControl } from './judge.ts';
import { fillAbsence, fillEntry, type L1Item, type MissFence } from './l1.ts';
import type { SimNode } from './node.ts';
import { ownControl, permitted } from './view.ts';

/** The outcome of a Get. */
export type Outcome =
  | {
      readonly kind: 'hit';
      readonly value: Value;
      readonly record: StoredRecord;
      readonly revision: Position;
      readonly stale: boolean;
      readonly freshForMs: number;
      readonly tier: 'L1' | 'L2';
    }
  | { readonly kind: 'miss'; readonly fence: MissFence; readonly tier: 'L1' | 'L2' }
  | { readonly kind: 'token-unusable' | 'unavailable' };

/** A read through to the store that others may join. */
export interface Flight {
  /** What was acknowledged before shows in the answer. */
  asOfMs: number;
  readonly waiting: ((outcome: Outcome) => void)[];
}

/** Reads one entry: from L1 while both permits hold and the tokens are reached, else through to the store. */
export function get(
  world: World,
  node: SimNode,
  key: string,
  tokens: readonly Token[],
  done: (outcome: Outcome) => void,
): void {
  const cached = fromL1(world, node, key, tokens);
  if (cached !== undefined) {
    world.situations.met(cached.kind === 'hit' ? 'a served entry from L1' : 'an absence from L1');
    if (tokens.length > 0) world.situations.met('a token served from L1');
    done(cached);
    return;
  }
  const flight = node.flights.get(key);
  if (flight !== undefined && world.rules.mayJoin(flight, tokens.length > 0, world.nowMs, world.maxLagMs)) {
    world.situations.met('a joined flight');
    flight.waiting.push(done);
  } else {
    readThrough(world, node, key, tokens, done);
  }
}

function fromL1(world: World, node: SimNode, key: string, tokens: readonly Token[]): Outcome | undefined {
  const item = node.l1.get(key);
  const view = node.views[world.partitionOf(key)]!;
  const control = ownControl(world, node.views[world.control]!);
  const { chain } = view;
  if (item === undefined || world.nowMs >= item.goneAtMs || chain === undefined || control === undefined)
    return undefined;
  const known = [
    { partition: view.partition, chain, head: view.applied },
    { partition: world.control, chain: control.chain, head: node.views[world.control]!.applied },
  ];
  if (!permitted(world, view) || firstFault(world, tokens, known) !== undefined) return undefined;
  if (item.kind === 'absence') return { kind: 'miss', fence: item.fence, tier: 'L1' };
  if (!world.rules.canJudge(control.chain, item.record.stamp)) return undefined;
  const verdict = world.rules.judge(control, item.record.stamp, item.record);
  return verdict === 'removed' ? undefined : hitOf(world, item, verdict === 'marked-stale');
}

function hitOf(world: World, item: Extract<L1Item, { kind: 'entry' }>, marked: boolean): Outcome {
  const { record, freshUntilMs } = item;
  const freshForMs = marked ? 0 : Math.max(0, freshUntilMs - world.nowMs);
  if (marked) world.situations.met('an entry marked stale');
  else if (freshForMs === 0) world.situations.met('a stale entry within its window');
  const stale = freshForMs === 0;
  return { kind: 'hit', value: record.value, record, revision: record.position, stale, freshForMs, tier: 'L1' };
}

function readThrough(
  world: World,
  node: SimNode,
  key: string,
  tokens: readonly Token[],
  done: (outcome: Outcome) => void,
): void {
  const partition = world.partitionOf(key);
  const { nowMs } = world;
  const proof = node.proofs[partition];
  if (!world.rules.mayReadThrough(proof, node.links[partition]!.id, nowMs, world.maxLagMs)) {
    world.situations.met('a read refused since the primary is not proven');
    done({ kind: 'unavailable' });
    return;
  }
  const flight: Flight = { asOfMs: Math.min(nowMs, proof?.provenAtMs ?? nowMs), waiting: [done] };
  node.flights.set(key, flight);
  world.schedule.after(150, () => land(node, key, flight, { kind: 'unavailable' }));
  call(
    world,
    node,
    partition,
    (server) => readScript(world, server, key),
    (reply) => {
      const known = { partition, chain: reply.chain, head: reply.head.number };
      if (firstFault(world, tokens, [known]) !== undefined) return land(node, key, flight, { kind: 'token-unusable' });
      judgeByControl(
        world,
        node,
        { key, record: reply.record, tokens, flight, here: partition === world.control ? reply : undefined },
        (verdict) => {
          land(node, key, flight, outcomeOf(world, node, key, reply, verdict, nowMs));
        },
      );
    },
  );
}

/** Answers whoever waits, once. */
function land(node: SimNode, key: string, flight: Flight, outcome: Outcome): void {
  if (node.flights.get(key) === flight) node.flights.delete(key);
  for (const waiting of flight.waiting.splice(0)) waiting(outcome);
}

function outcomeOf(
  world: World,
  node: SimNode,
  key: string,
  reply: ReadReply,
  verdict: ControlVerdict,
  sentAtMs: number,
): Outcome {
  if (verdict.kind !== 'judged') return { kind: verdict.kind };
  const { record, head, nowMs } = reply;
  const laterMs = world.nowMs - sentAtMs + nowMs;
  if (record === undefined || verdict.verdict === 'removed' || world.rules.lifeStage(record, laterMs) === 'gone') {
    if (verdict.verdict === 'removed') world.situations.met('a stamp hid an entry');
    const control = world.control === world.partitionOf(key) ? head : verdict.control;
    const fence = { key: head, control, givenAtMs: nowMs };
    if (record === undefined) fillAbsence(world, node, key, fence, sentAtMs);
    return { kind: 'miss', fence, tier: 'L2' };
  }
  fillEntry(world, node, reply, sentAtMs);
  const marked = verdict.verdict === 'marked-stale';
  if (marked) world.situations.met('an entry marked stale');
  const freshForMs = marked ? 0 : Math.max(0, record.freshUntilMs - laterMs);
  const hit = { kind: 'hit', value: record.value, record, revision: record.position, tier: 'L2' } as const;
  return { ...hit, stale: freshForMs === 0, freshForMs };
}
