import type { Partition, Position } from '../../../src/cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import type { Value } from './value.ts';

/** What one numbered change of a log did. */
export type Change =
  | { readonly kind: 'epoch' }
  | { readonly kind: 'set' | 'touch'; readonly key: string; readonly value: Value }
  | { readonly kind: 'remove'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly selector: Selector; readonly mode: InvalidationMode };

/** A change as it really happened on one server: what the promises are judged by, whatever the fleet believes. */
export interface Effect {
  readonly partition: Partition;
  /** Real order over all servers. */
  readonly serial: number;
  readonly atMs: number;
  /** The name that the fleet gave it. */
  readonly position: Position;
  /** What its server had applied before. */
  readonly previous: Effect | undefined;
  readonly change: Change;
  /** When it ceased to be part of the history in force, or its server did before; `undefined` while it is. */
  lostAtMs: number | undefined;
  /** Since when it is part of that history without a break. */
  standsSinceMs: number;
  /** True if it was ever lost: a replica that is promoted later may bring it back. */
  everLost: boolean;
}

/** Tells whether an effect is part of the history in force. */
export function stands(effect: Effect): boolean {
  return effect.lostAtMs === undefined;
}

/** Tells an effect in a few words. */
export function effectWords({ position, partition, change, lostAtMs }: Effect): string {
  const where = `${position.epoch}@${position.number} of partition ${partition}`;
  return `${changeWords(change)} as ${where}${lostAtMs === undefined ? '' : ` (lost at ${lostAtMs})`}`;
}

/** Tells a change in a few words. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case 'epoch':
      return 'new epoch';
    case 'set':
    case 'touch':
      return `${change.kind} ${change.key} = v${change.value.id}`;
    case 'remove':
      return `remove ${change.key}`;
    case 'invalidate':
      return `${change.mode} ${selectorWords(change.selector)}`;
  }
}

/** Tells a selector in a few words. */
export function selectorWords(selector: Selector): string {
  switch (selector.kind) {
    case 'namespace':
      return 'all';
    case 'prefix':
      return `prefix ${selector.prefix}`;
    case 'tag':
      return `tag ${selector.tag}`;
    case 'key':
      return `key ${selector.key}`;
  }
}
