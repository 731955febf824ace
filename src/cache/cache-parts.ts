import type { Random } from '../base/random.ts';
import type { Applied, ReadResult, Store } from '../store/store.ts';
import type { DeferredInvalidations } from './deferred-invalidations.ts';
import type { LeaseWaiters } from './lease-waiters.ts';
import type { LocalEntries } from './local-entries.ts';
import type { Namespace } from './namespace.ts';
import type { Moment } from './rules/moment.ts';
import { earliestPositions, joinPositions } from './rules/token.ts';
import type { TokenSealer } from './token-sealer.ts';

/** What the operations of the cache work with. */
export interface CacheParts {
  readonly store: Store;
  readonly tokens: TokenSealer;
  readonly waiters: LeaseWaiters;
  readonly locals: LocalEntries;
  readonly random: Random;
  /** Absent where nothing keeps invalidations while the store is away. */
  readonly deferred?: DeferredInvalidations | undefined;
}

/** Returns the token of one moment of a namespace. */
export function tokenAt(parts: CacheParts, namespace: Namespace, moment: Moment, nowMs: number): string {
  return parts.tokens.seal({ namespaceId: namespace.id, givenAtMs: nowMs, positions: moment });
}

/** Returns the token of one or more changes: where each happened, and the control position it depends on. */
export function tokenOf(parts: CacheParts, namespace: Namespace, changes: readonly Applied[]): string {
  const [first] = changes;
  if (first !== undefined && changes.length === 1) return tokenAt(parts, namespace, first.moment, first.nowMs);
  const moments = changes.flatMap(({ moment }) => moment);
  const nowMs = Math.max(...changes.map((change) => change.nowMs));
  const joined = joinPositions(moments, (partition) => parts.store.chain(partition));
  return tokenAt(parts, namespace, joined, nowMs);
}

/** Returns the token of one or more reads: the fence of every miss among them. */
export function tokenOfReads(parts: CacheParts, namespace: Namespace, reads: readonly ReadResult[]): string {
  const [first] = reads;
  const together = first !== undefined && reads.every(({ moment }) => moment === first.moment);
  if (together) return tokenAt(parts, namespace, first.moment, first.nowMs);
  const moments = reads.flatMap(({ moment }) => moment);
  const nowMs = Math.min(...reads.map((read) => read.nowMs));
  const earliest = earliestPositions(moments, (partition) => parts.store.chain(partition));
  return tokenAt(parts, namespace, earliest, nowMs);
}
