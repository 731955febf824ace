import type { Moment } from '../cache/rules/moment.ts';
import type { NamespaceId } from './store.ts';

/** How far a namespace's history has come. */
export interface ProvenHead {
  /** The newest change of each of its partitions that is known here. */
  readonly moment: Moment;
  /** Milliseconds since it was proven that nothing acknowledged before is missing in it. */
  readonly ageMs: number;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/** What proves how far histories have come. */
export interface HeadStore {
  /** How far a namespace's history is known to have come; `undefined` while that is not proven. */
  provenHead(namespaceId: NamespaceId): ProvenHead | undefined;
}
