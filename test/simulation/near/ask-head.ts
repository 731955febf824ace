import type { HeadAnswer } from '../../../clients/typescript/src/near/proof.ts';
import { permitted } from '../node/view.ts';
import { type Token, tokenOf } from '../tokens.ts';
import type { World } from '../world.ts';
import type { NearClient } from './near-client.ts';

/** Asks any node, by a call of its own, how far the history has come: what is one-way proves no freshness. */
export function askHead(world: World, near: NearClient): void {
  const { token, proof } = near;
  if (token === undefined) return;
  const question = proof.ask(world.nowMs);
  const told = tokenOf(token);
  world.schedule.after(world.random.below(4), () => {
    const answer = answerOf(world, told, question.earlier?.head);
    if (answer === undefined) return;
    world.schedule.after(world.random.below(4), () => {
      if (proof.answered(question, answer, world.nowMs)) world.situations.met('a near cache proven');
    });
  });
}

function answerOf(world: World, told: Token, earlier: string | undefined): HeadAnswer | undefined {
  const node = world.random.pick(world.nodes);
  const { views } = node;
  if (!node.reachable(world.nowMs) || !views.every((view) => view.chain !== undefined && permitted(world, view)))
    return undefined;
  const provenAtMs = Math.min(...views.map((view) => view.provenAtMs!));
  const head = tokenOf(views.map(({ chain, applied }) => ({ epoch: chain!.epoch, number: applied })));
  const covered =
    earlier !== undefined && world.rules.coversMoment(told, headOf(earlier), (partition) => views[partition]!.chain!);
  return { head: textOf(head), ageMs: world.nowMs - provenAtMs, covered };
}

// A head is a text to the client, which only hands it back.
function textOf(head: Token): string {
  return JSON.stringify(head);
}

function headOf(text: string): Token {
  return JSON.parse(text) as Token;
}
