import assert from 'node:assert/strict';
import { revisionOf } from '../../../src/cache/revision.ts';
import type { Selector } from '../../../src/cache/rules/selector.ts';
import { type Event, EventCause, InvalidationMode } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import type { Change } from '../../../src/store/store.ts';
import type { CauseName, ModeName, Told } from './history.ts';

/** Returns the name of an enum's value. */
export function nameIn<Names extends Readonly<Record<string, number>>>(names: Names, value: number): keyof Names {
  const found = Object.entries(names).find(([, known]) => known === value);
  return found === undefined ? `${value}` : found[0];
}

/** Returns what a subscriber should be told of a change. */
export function toldOfChange(change: Change): Told {
  const revision = revisionOf(change.position);
  assert(change.kind !== 'epoch', 'a new epoch is of no namespace');
  if (change.kind !== 'invalidate') {
    const target = { kind: 'key', key: change.key } as const;
    return { target, cause: causeOfKind[change.kind], mode: 'UNSPECIFIED', revision };
  }
  const { selector: target, mode } = change;
  return { target, cause: causeOfSelector(target), mode: mode === 'remove' ? 'REMOVE' : 'MARK_STALE', revision };
}

/** Returns what an event told. */
export function toldOfEvent({ target, cause, mode, revision }: Event): Told {
  const causeName = nameIn(EventCause, cause) as CauseName;
  return { target: selectorOf(target), cause: causeName, mode: nameIn(InvalidationMode, mode) as ModeName, revision };
}

/** Returns the cause of an invalidation. */
export function causeOfSelector({ kind }: Selector): CauseName {
  return ({ key: 'KEY', tag: 'TAG', prefix: 'PREFIX', namespace: 'NAMESPACE' } as const)[kind];
}

const causeOfKind = { set: 'SET', touch: 'TOUCH', delete: 'DELETE' } as const;

function selectorOf(target: Event['target']): Selector {
  switch (target?.$case) {
    case 'key':
      return { kind: 'key', key: target.value };
    case 'tag':
      return { kind: 'tag', tag: target.value };
    case 'prefix':
      return { kind: 'prefix', prefix: target.value };
    case 'wholeNamespace':
      return { kind: 'namespace' };
    case undefined:
      throw new Error('an event names nothing');
  }
}
