import type { NamespaceId } from '../store.ts';

/** Returns the name of a key among those of all namespaces of a partition. Ids have one length, so it is unique. */
export function recentKey(namespaceId: NamespaceId, key: string): string {
  return `${namespaceId}${key}`;
}
