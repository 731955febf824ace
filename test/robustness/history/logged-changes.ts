import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../../src/store/store.ts';
import { NamespaceTags } from './entry-tags.ts';
import type { LoggedChange, Mutation } from './history.ts';
import { toldOfChange } from './told.ts';

/** Joins the log with the calls that made it: the log knows the order, the callers know what they asked for. */
export function loggedChanges(changes: readonly Change[], mutations: readonly Mutation[]): LoggedChange[] {
  const callOf = new Map(mutations.map((mutation) => [mutation.traceparent, mutation]));
  const tagsOf = new Map<string, NamespaceTags>();
  return changes.map((change, index) => {
    const order = index + 1;
    const call = callOf.get(change.author?.traceparent ?? '');
    assert.ok(call !== undefined, `change ${order} belongs to no call: the log lost its trace context`);
    const told = toldOfChange(change);
    assert.ok(isAskedFor(told, call), `change ${order} is not what its call asked for`);
    const { namespaceId, origin, traceparent } = call;
    assert.equal(change.namespaceId, namespaceId, `change ${order} is in another namespace than its call`);
    const history = `${change.position.epoch} ${namespaceId}`;
    const tags = tagsOf.get(history) ?? new NamespaceTags();
    tagsOf.set(history, tags);
    return { ...told, order, namespaceId, origin, traceparent, ...tags.apply({ ...told, given: call.tags }) };
  });
}

function isAskedFor(told: ReturnType<typeof toldOfChange>, { cause, mode, targets }: Mutation): boolean {
  return told.cause === cause && told.mode === mode && targets.some((target) => isDeepStrictEqual(target, told.target));
}
