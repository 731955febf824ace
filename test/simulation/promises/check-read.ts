import type { NearClient } from '../near/near-client.ts';
import type { Outcome } from '../node/get.ts';
import { timing } from '../timing.ts';
import type { Token } from '../tokens.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import { checkFreshness } from './freshness.ts';
import { checkWriteVisible } from './write-visible.ts';

/** A read as its caller sees it. */
export interface Read {
  readonly key: string;
  readonly tokens: readonly Token[];
  readonly startedAtMs: number;
  /** Who answered, for the evidence. */
  readonly from: string;
}

/** Judges what a node answered. */
export function checkRead(world: World, read: Read, outcome: Outcome): void {
  world.history.note('caller', () => `reads ${read.key} from ${read.from}: ${outcomeWords(outcome)}`);
  const obligation = { beforeMs: read.startedAtMs - timing.maxLagMs, tokens: read.tokens };
  if (outcome.kind === 'hit') {
    checkFreshness(world, outcome.value, outcome.stale, obligation, read.from, outcome.tier);
  } else if (outcome.kind === 'miss') checkWriteVisible(world, read, obligation);
}

/** Judges what a near cache served. */
export function checkNearHit(world: World, near: NearClient, value: Value): void {
  world.history.note(near.name, () => `serves v${value.id} of ${value.key}`);
  const obligation = { beforeMs: world.nowMs - timing.nearStalenessMs, tokens: [] };
  checkFreshness(world, value, false, obligation, near.name, 'near');
}

function outcomeWords(outcome: Outcome): string {
  if (outcome.kind !== 'hit') return outcome.kind;
  return `v${outcome.value.id}${outcome.stale ? ', stale' : ''}, from ${outcome.tier}`;
}
