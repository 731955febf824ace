import type { Position } from '../../cache/rules/position.ts';
import type { Applied, EntryRef, Guard, Guarded, Invalidation, Removal, Retime, StoredEntry, Write } from '../store.ts';
import {
  appliedAt,
  isMarked,
  placeOf,
  removalFacts,
  retimedLifetime,
  stampIn,
  union,
  writtenLifetime,
} from './change-facts.ts';
import type { ChangeLog } from './change-log.ts';
import { guardHolds } from './guard.ts';
import { makeEntry } from './make-entry.ts';
import type { MemoryNamespace } from './memory-namespace.ts';
import { fittingWeightBytes } from './weight.ts';

const GUARDED: Guarded = { kind: 'guarded' };
const NO_TAGS: readonly string[] = [];

/** Where a change is made, and when. */
export interface ChangePlace {
  readonly namespace: MemoryNamespace;
  readonly log: ChangeLog;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/** Stores an entry. VALUE_TOO_LARGE if it alone exceeds the capacity; REQUEST_IDS_FULL. */
export function applyWrite({ namespace, log, nowMs }: ChangePlace, write: Write): Applied | Guarded {
  const earlier = log.earlier(write, write.once, nowMs);
  if (earlier !== undefined) return earlier;
  const weight = fittingWeightBytes(write, namespace.segment.capacityBytes);
  const before = namespace.segment.find(write.key, nowMs);
  if (!isFree({ namespace, log, nowMs }, write, before)) return GUARDED;

  const brought = broughtStamp(namespace, write, nowMs);
  const position = log.next();
  const stamp = brought ?? position;
  const lifetime = writtenLifetime(write, before, nowMs);
  const entry = makeEntry(write.key, write, { position, stamp }, lifetime);
  namespace.segment.put(entry, weight, nowMs);
  namespace.leases.end(write.key);
  const { moment } = log;
  const applied = appliedAt({ position, stamp, moment, existed: before !== undefined, lifetime, nowMs });
  return log.record(write, write.once, applied, {
    ...placeOf(write, position, union(entry.tags, before?.tags ?? NO_TAGS)),
    kind: 'set',
    key: write.key,
  });
}

/** Gives the stored entry a new lifetime. REQUEST_IDS_FULL. */
export function applyRetime({ namespace, log, nowMs }: ChangePlace, retime: Retime): Applied | Guarded {
  const earlier = log.earlier(retime, retime.once, nowMs);
  if (earlier !== undefined) return earlier;
  const before = namespace.segment.find(retime.key, nowMs);
  if (!isFree({ namespace, log, nowMs }, retime, before)) return GUARDED;

  const position = log.next();
  const stamp = before?.stamp ?? position;
  const lifetime = before && retimedLifetime(retime, before, nowMs);
  if (lifetime === undefined) namespace.touchAbsent(retime.key, position.number, nowMs);
  else
    namespace.segment.amend(makeEntry(retime.key, before!, { position, stamp }, lifetime, isMarked(retime, before!)));
  namespace.segment.use(retime.key, nowMs);
  namespace.leases.end(retime.key);
  const { moment } = log;
  const applied = appliedAt({ position, stamp, moment, existed: before !== undefined, lifetime, nowMs });
  return log.record(retime, retime.once, applied, {
    ...placeOf(retime, position, before?.tags ?? NO_TAGS),
    kind: 'touch',
    key: retime.key,
  });
}

/** Removes an entry and remembers the removal. REQUEST_IDS_FULL. */
export function applyRemoval({ namespace, log, nowMs }: ChangePlace, removal: Removal): Applied {
  const earlier = log.earlier(removal, removal.once, nowMs);
  if (earlier !== undefined) return earlier;

  const before = namespace.segment.find(removal.key, nowMs);
  const position = log.next();
  namespace.segment.remove(removal.key, position.number, removal.cause, nowMs);
  namespace.leases.end(removal.key);
  const { moment } = log;
  const facts = { position, stamp: position, moment, existed: before !== undefined };
  const applied = appliedAt({ ...facts, lifetime: undefined, nowMs });
  return log.record(removal, removal.once, applied, {
    ...placeOf(removal, position, before?.tags ?? NO_TAGS),
    ...removalFacts(removal),
  });
}

/** Raises a watermark. REQUEST_IDS_FULL. */
export function applyInvalidation({ namespace, log, nowMs }: ChangePlace, invalidation: Invalidation): Applied {
  const { namespaceId, selector, mode, once } = invalidation;
  const ref = { namespaceId, key: '' };
  const earlier = log.earlier(ref, once, nowMs);
  if (earlier !== undefined) return earlier;

  const position = log.next();
  namespace.control.watermarks.raise(selector, mode, position.number, nowMs);
  const { moment } = log;
  const facts = { position, stamp: position, moment, existed: false };
  const applied = appliedAt({ ...facts, lifetime: undefined, nowMs });
  const tags = selector.kind === 'key' ? namespace.segment.find(selector.key, nowMs)?.tags : undefined;
  const place = placeOf(invalidation, position, tags ?? NO_TAGS);
  return log.record(ref, once, applied, { ...place, kind: 'invalidate', selector, mode });
}

function isFree(
  { namespace, log, nowMs }: ChangePlace,
  { key, guard }: EntryRef & { readonly guard: Guard },
  entry: StoredEntry | undefined,
): boolean {
  if (guard.kind === 'none') return true;
  const { leases, tombstones } = namespace;
  return guardHolds(guard, { key, entry, leases, tombstones, chain: log.chain, nowMs });
}

/** Returns the stamp of a write whose value's computation began with a read; `undefined` if it began with the write. */
function broughtStamp(namespace: MemoryNamespace, { key, seen, guard }: Write, nowMs: number): Position | undefined {
  if (seen !== undefined) return stampIn(seen);
  if (guard.kind === 'fence') return stampIn(guard.fence.moment);
  return guard.kind === 'lease' ? namespace.leases.held(key, nowMs)?.stamp : undefined;
}
