import type { PartitionInvalidation, PartitionRetime, PartitionWrite } from '../partition-store.ts';
import type { Removal } from '../store.ts';
import type { ChangeCall } from './apply-change.ts';
import { packChange } from './change-codec.ts';
import { packGuard } from './guard-codec.ts';
import { partitionScripts } from './partition-scripts.ts';
import { packNumber, packPosition } from './position-codec.ts';
import { packContent } from './record-codec.ts';
import type { RedisStoreLimits } from './redis-store-options.ts';

/** Milliseconds for which a record outlives its entry: how an entry left is known so long, and clocks may differ. */
const RECORD_SLACK_MS = 60_000;

/** What a change says, wherever it happens: a script, and what that takes. */
export type ChangeForm = Pick<ChangeCall, 'script' | 'packed' | 'terms' | 'args'>;

/** Returns what a write sends. */
export function writeCall(write: PartitionWrite, { fenceAgeMsMax }: RedisStoreLimits): ChangeForm {
  const { namespaceId, author, key, tags, ttlMs, staleWindowMs, value, guard, stamp } = write;
  return {
    script: partitionScripts.write,
    packed: packChange({ kind: 'set', namespaceId, author, key, tags }),
    terms: packTerms([ttlMs, staleWindowMs, RECORD_SLACK_MS], `${value === undefined ? 'n' : 'e'}${keepLetter(write)}`),
    args: [packGuard(guard, fenceAgeMsMax), stamp === undefined ? '' : packPosition(stamp), packContent(write)],
  };
}

/** Returns what a retime sends. */
export function retimeCall(retime: PartitionRetime, { fenceAgeMsMax }: RedisStoreLimits): ChangeForm {
  const { namespaceId, author, key, ttlMs, staleWindowMs, guard } = retime;
  return {
    script: partitionScripts.retime,
    packed: packChange({ kind: 'touch', namespaceId, author, key }),
    terms: packTerms([ttlMs, staleWindowMs, RECORD_SLACK_MS, fenceAgeMsMax], keepLetter(retime)),
    args: [packGuard(guard, fenceAgeMsMax)],
  };
}

/** Returns what a removal sends. */
export function removeCall(removal: Removal, { fenceAgeMsMax }: RedisStoreLimits): ChangeForm {
  const { namespaceId, author, key, cause } = removal;
  const selector = { kind: 'key', key } as const;
  const isDeleted = cause === 'deleted';
  return {
    script: partitionScripts.remove,
    packed: isDeleted
      ? packChange({ kind: 'delete', namespaceId, author, key })
      : packChange({ kind: 'invalidate', namespaceId, author, selector, mode: 'remove', tags: [] }),
    terms: packTerms([fenceAgeMsMax], isDeleted ? 'd' : 'i'),
    args: [],
  };
}

/** Returns what an invalidation sends. */
export function invalidateCall(
  { namespaceId, author, selector, mode, tags = [] }: PartitionInvalidation,
  { watermarksPerNamespaceMax }: RedisStoreLimits,
): ChangeForm {
  return {
    script: partitionScripts.invalidate,
    packed: packChange({ kind: 'invalidate', namespaceId, author, selector, mode, tags }),
    terms: packTerms([], mode === 'remove' ? 'r' : 's'),
    args: [watermarksPerNamespaceMax],
  };
}

// Milliseconds in 6 bytes each, then letters.
function packTerms(times: readonly number[], letters: string): Buffer {
  return Buffer.concat([...times.map(packNumber), Buffer.from(letters, 'latin1')]);
}

function keepLetter({ keepLifetime }: { readonly keepLifetime?: boolean }): string {
  return keepLifetime === true ? 'k' : '-';
}
