import fc from 'fast-check';
import type { Epoch } from '../../src/cache/rules/position.ts';
import { scopePrefixes } from '../../src/cache/rules/scope-prefix.ts';
import type { InvalidationMode, Selector } from '../../src/cache/rules/selector.ts';
import type { ChangeCause, SubscriptionFilter } from '../../src/invalidation/subscription-filter.ts';
import type { Author, Change, NamespaceId } from '../../src/store/store.ts';

/** The epoch of changes made here. */
export const EPOCH = 'e'.repeat(16) as Epoch;
/** The namespace of changes made here. */
export const NAMESPACE_ID = '0123456789abcdef' as NamespaceId;

/** What a change made here may be given. */
export interface ChangeParts {
  readonly tags?: readonly string[];
  readonly author?: Author;
}

function placed(number: number, { tags = [], author }: ChangeParts) {
  return { namespaceId: NAMESPACE_ID, partition: 0, position: { epoch: EPOCH, number }, tags, author };
}

/** Returns a change of one key. */
export function keyChange(
  number: number,
  key: string,
  { kind = 'set', ...parts }: ChangeParts & { readonly kind?: 'set' | 'touch' | 'delete' } = {},
): Change {
  return { ...placed(number, parts), kind, key };
}

/** Returns an invalidation. */
export function invalidation(
  number: number,
  selector: Selector,
  { mode = 'remove', ...parts }: ChangeParts & { readonly mode?: InvalidationMode } = {},
): Change {
  return { ...placed(number, parts), kind: 'invalidate', selector, mode };
}

/** Returns who made a change, by origin. */
export function authorOf(origin: string): Author {
  return { actor: 'anonymous', origin, traceparent: '' };
}

/** Returns a filter that wants all, but for what is given. */
export function filterOf(parts: Partial<SubscriptionFilter> = {}): SubscriptionFilter {
  return { prefixes: [], tags: [], keys: [], causes: [], epochs: false, ...parts };
}

const KEYS = ['a', 'a:1', 'a:2', 'a:b/3', 'a:b/4', 'b:1', 'b/1', 'c'];
const PREFIXES = [...new Set(KEYS.flatMap(scopePrefixes))];
const TAGS = ['t', 'u', 'v'];
const CAUSES: readonly ChangeCause[] = ['set', 'touch', 'delete', 'key', 'tag', 'prefix', 'namespace'];

const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'namespace' }),
  fc.constantFrom(...PREFIXES).map((prefix): Selector => ({ kind: 'prefix', prefix })),
  fc.constantFrom(...TAGS).map((tag): Selector => ({ kind: 'tag', tag })),
  fc.constantFrom(...KEYS).map((key): Selector => ({ kind: 'key', key })),
);
const tags = fc.uniqueArray(fc.constantFrom(...TAGS));
const kind = fc.constantFrom('set', 'touch', 'delete');
const mode = fc.constantFrom<InvalidationMode>('remove', 'mark-stale');

/** Any change over a few keys and tags, made of its number. */
export const anyChange: fc.Arbitrary<(number: number) => Change> = fc.oneof(
  fc.record({ key: fc.constantFrom(...KEYS), kind, tags }).map(
    ({ key, ...parts }) =>
      (number: number) =>
        keyChange(number, key, parts),
  ),
  fc.record({ selector, mode, tags }).map(({ selector: what, ...parts }) => (number: number) => {
    return invalidation(number, what, what.kind === 'key' ? parts : { mode: parts.mode });
  }),
);

/** Changes in the order of a log, numbered from 1. */
export function anyLog(maxLength: number): fc.Arbitrary<Change[]> {
  return fc.array(anyChange, { maxLength }).map((makers) => makers.map((make, index) => make(index + 1)));
}

/** Any filter over the same keys and tags. */
export const anyFilter: fc.Arbitrary<SubscriptionFilter> = fc.record({
  prefixes: fc.uniqueArray(fc.constantFrom(...PREFIXES), { maxLength: 2 }),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 2 }),
  keys: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 }),
  causes: fc.uniqueArray(fc.constantFrom(...CAUSES), { maxLength: 3 }),
  epochs: fc.boolean(),
});
