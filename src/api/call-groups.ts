/** Calls that are refused together when there is more to do than can be done. */
export type CallGroup = 'streams' | 'writes' | 'reads' | 'invalidations';

/**
 * All groups, the first to be refused first. Deliberate: what says that the source has changed goes last. To refuse a
 * read costs its caller one answer; to refuse an invalidation keeps everybody's stale entries served.
 */
export const callGroups: readonly CallGroup[] = ['streams', 'writes', 'reads', 'invalidations'];

const groups: ReadonlyMap<string, CallGroup> = new Map([
  ['reprise.v1.InvalidationService/Subscribe', 'streams'],
  ['reprise.v1.CacheService/Set', 'writes'],
  ['reprise.v1.CacheService/Touch', 'writes'],
  ['reprise.v1.CacheService/Increment', 'writes'],
  ['reprise.v1.CacheService/BatchSet', 'writes'],
  ['reprise.v1.CacheService/Get', 'reads'],
  ['reprise.v1.CacheService/BatchGet', 'reads'],
  ['reprise.v1.CacheService/Exists', 'reads'],
  ['reprise.v1.InvalidationService/Invalidate', 'invalidations'],
  ['reprise.v1.CacheService/Delete', 'invalidations'],
  ['reprise.v1.CacheService/BatchDelete', 'invalidations'],
  ['reprise.v1.CacheService/ReleaseLease', 'invalidations'],
]);

/** Returns the group of a method such as `reprise.v1.CacheService/Get`; undefined if it is never refused, as health. */
export function callGroupOf(rpc: string): CallGroup | undefined {
  return groups.get(rpc);
}
