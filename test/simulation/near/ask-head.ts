import type { Moment } from '../../../src/cache/rules/moment.ts';
import { permitted } from '../node/view.ts';
import { timing } from '../timing.ts';
import { tokenOf } from '../tokens.ts';
import type { World } from '../world.ts';
import type { AwaitedHead, NearClient } from './near-client.ts';

/** What any node answers to the question how far the history has come. */
interface HeadAnswer {
  readonly head: Moment;
  readonly ageMs: number;
  readonly covered: boolean;
}

/** Asks any node, by a call of its own, how far the history has come: what is one-way proves no freshness. */
export function askHead(world: World, near: NearClient): void {
  const { token } = near;
  if (token === undefined) return;
  const { awaited } = near;
  const told = tokenOf(token);
  const sentAtMs = world.nowMs;
  world.schedule.after(world.random.below(4), () => {
    const answer = answerOf(world, told, awaited?.head);
    if (answer === undefined) return;
    world.schedule.after(world.random.below(4), () => onAnswer(world, near, awaited, answer, sentAtMs));
  });
}

function answerOf(world: World, told: Moment, earlier: Moment | undefined): HeadAnswer | undefined {
  const node = world.random.pick(world.nodes);
  const { views } = node;
  if (!node.reachable(world.nowMs) || !views.every((view) => view.chain !== undefined && permitted(world, view)))
    return undefined;
  const provenAtMs = Math.min(...views.map((view) => view.provenAtMs!));
  const head = tokenOf(views.map(({ chain, applied }) => ({ epoch: chain!.epoch, number: applied })));
  const covered =
    earlier !== undefined && world.rules.coversMoment(told, earlier, (partition) => views[partition]!.chain!);
  return { head, ageMs: world.nowMs - provenAtMs, covered };
}

function onAnswer(
  world: World,
  near: NearClient,
  awaited: AwaitedHead | undefined,
  { head, ageMs, covered }: HeadAnswer,
  sentAtMs: number,
): void {
  const next = { head, provenAtMs: world.rules.headProvenAtMs(sentAtMs, ageMs, world.nowMs) };
  if (covered && awaited !== undefined) {
    world.situations.met('a near cache proven');
    near.provenAtMs = Math.max(near.provenAtMs, awaited.provenAtMs);
  }
  // What can prove nothing more, for it is too old or lost, makes room.
  const isOver = near.awaited === undefined || world.nowMs - near.awaited.provenAtMs > timing.nearStalenessMs;
  if (isOver || (covered && near.awaited === awaited)) near.awaited = next;
}
