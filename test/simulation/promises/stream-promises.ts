import type { Position } from '../../../src/cache/rules/position.ts';
import type { NearClient } from '../near/near-client.ts';
import { effectWords } from '../truth/effect.ts';
import type { World } from '../world.ts';

/** Judges an event: it is what really followed the last one of its partition. */
export function checkEvent(world: World, near: NearClient, effect: Parameters<typeof effectWords>[0]): void {
  const last = near.last[effect.partition];
  if (effect.previous === last) return;
  const older = last !== undefined && effect.serial <= last.serial;
  world.truth.breach(
    older ? 'Resumable' : 'NoSilentGap',
    () => `at ${world.nowMs} ${near.name} was told ${effectWords(effect)} after ${last && effectWords(last)}`,
  );
}

/** Judges a Progress: it names what was told last. */
export function checkProgress(world: World, near: NearClient, at: readonly Position[]): void {
  at.forEach((position, partition) => {
    const last = near.last[partition];
    const named = world.truth.effectAt(partition, position);
    if (named === last) return;
    world.truth.breach(
      'Bookmarkable',
      () =>
        `at ${world.nowMs} ${near.name} was told ${last && effectWords(last)}, then progress up to ${named && effectWords(named)}`,
    );
  });
}
