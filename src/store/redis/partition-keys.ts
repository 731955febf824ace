import assert from 'node:assert/strict';
import type { EntryRef, NamespaceId } from '../store.ts';

/**
 * Names of all that a partition keeps in Redis. They share one hash tag, so that they lie in one slot. Two things never
 * have one name: the part that says what it is comes first, a namespace's id holds no colon, and a key, which may hold
 * anything, comes last.
 */
export interface PartitionKeys {
  /** Head, epoch, chain, replication id. */
  readonly meta: string;
  /** The log of changes. */
  readonly log: string;
  /** The channel on which changes are told. */
  readonly bell: string;
  /** How many leases were granted. */
  readonly leaseCount: string;
  /** The newest change of any key of a slot. */
  readonly changed: string;
  /** The results of changes that have request ids, by name. */
  readonly results: string;
  /** Their names by time. */
  readonly resultsByTime: string;
  /** Which nodes are there, and how far they have come. */
  readonly nodes: string;
  /** The control documents; of the partition that is alone where there is one. */
  readonly control: string;
  /** An entry, or what is remembered of its removal. */
  record(ref: EntryRef): string;
  /** The fill lease of a key. */
  lease(ref: EntryRef): string;
  /**
   * The keys of a namespace in the order of their bytes. Its name, that of the watermarks and that of a record are equally
   * long up to the key: scripts cut the key off a record's name.
   */
  index(namespaceId: NamespaceId): string;
  /** The watermarks of a namespace. */
  watermarks(namespaceId: NamespaceId): string;
  /** The number of the newest of them. */
  newestWatermark(namespaceId: NamespaceId): string;
  /** Their selectors by number. */
  watermarkOrder(namespaceId: NamespaceId): string;
}

/**
 * Builds the names of a partition.
 *
 * @param prefix what all names of the deployment begin with; holds no braces
 * @param tag of the partition, in base 36
 */
export function partitionKeys(prefix: string, tag: string): PartitionKeys {
  assert(!/[{}]/.test(prefix), 'a prefix holds no braces');
  const own = `${prefix}{${tag}}:`;
  return {
    meta: `${own}meta`,
    log: `${own}log`,
    bell: `${own}bell`,
    leaseCount: `${own}leases`,
    changed: `${own}changed`,
    results: `${own}results`,
    resultsByTime: `${own}results-by-time`,
    nodes: `${own}nodes`,
    control: `${own}control`,
    record: ({ namespaceId, key }) => `${own}r:${checkedId(namespaceId)}:${key}`,
    lease: ({ namespaceId, key }) => `${own}l:${checkedId(namespaceId)}:${key}`,
    index: (namespaceId) => `${own}i:${checkedId(namespaceId)}`,
    watermarks: (namespaceId) => `${own}w:${checkedId(namespaceId)}`,
    newestWatermark: (namespaceId) => `${own}n:${checkedId(namespaceId)}`,
    watermarkOrder: (namespaceId) => `${own}o:${checkedId(namespaceId)}`,
  };
}

function checkedId(namespaceId: NamespaceId): NamespaceId {
  assert(!namespaceId.includes(':'), 'the id of a namespace holds no colon');
  return namespaceId;
}
