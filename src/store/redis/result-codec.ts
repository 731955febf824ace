import type { Lifetime } from '../../cache/rules/lifetime.ts';
import type { PartitionApplied } from '../partition-store.ts';
import type { EntryRef, Once } from '../store.ts';
import { NUMBER_BYTES, POSITION_BYTES, packNumber, readNumber, readPosition } from './position-codec.ts';

/** What is remembered of a change that was applied. */
export type AppliedFacts = Pick<
  PartitionApplied,
  'position' | 'stamp' | 'existed' | 'lifetime' | 'appliedAtMs' | 'note'
>;

/** For how long, and how many, results are remembered. */
export interface ResultBounds {
  readonly requestIdAgeMsMax: number;
  readonly requestIdsMax: number;
}

const EXISTED = 1;
const HAS_LIFETIME = 2;

/** Where the parts of a result lie, as `scripts/lib/record.lua` writes it; behind it the note, if there is one. */
const FLAGS_AT = 2 * POSITION_BYTES;
const CREATED_AT = FLAGS_AT + 1;
const FRESH_AT = CREATED_AT + NUMBER_BYTES;
const GONE_AT = FRESH_AT + NUMBER_BYTES;
const APPLIED_AT = GONE_AT + NUMBER_BYTES;
const NOTE_AT = APPLIED_AT + NUMBER_BYTES;

/** Names a change that has a request id. The lengths keep apart what would read the same one after the other. */
export function resultName({ namespaceId, key }: EntryRef, requestId: string): string {
  return `${requestId.length}.${namespaceId.length}.${requestId}${namespaceId}${key}`;
}

/** Packs what a script needs to apply a change at most once; empty if it has no request id. */
export function packOnce(ref: EntryRef, once: Once | undefined, bounds: ResultBounds): Buffer {
  if (once === undefined) return NOTHING;
  const name = Buffer.from(resultName(ref, once.requestId), 'utf8');
  const nameBytes = Buffer.allocUnsafe(2);
  nameBytes.writeUInt16BE(name.length);
  const note = once.note === undefined ? NOTHING : Buffer.from(`+${once.note}`, 'utf8');
  return Buffer.concat([packNumber(bounds.requestIdAgeMsMax), packNumber(bounds.requestIdsMax), nameBytes, name, note]);
}

const NOTHING = Buffer.alloc(0);

/** Reads a result. */
export function readResult(bytes: Buffer): AppliedFacts {
  const flags = bytes.readUInt8(FLAGS_AT);
  return {
    position: readPosition(bytes, 0),
    stamp: readPosition(bytes, POSITION_BYTES),
    existed: (flags & EXISTED) !== 0,
    lifetime: (flags & HAS_LIFETIME) === 0 ? undefined : readLifetime(bytes),
    appliedAtMs: readNumber(bytes, APPLIED_AT),
    note: bytes.length > NOTE_AT ? bytes.toString('utf8', NOTE_AT + 1) : undefined,
  };
}

function readLifetime(bytes: Buffer): Lifetime {
  return {
    createdAtMs: readNumber(bytes, CREATED_AT),
    freshUntilMs: readNumber(bytes, FRESH_AT),
    goneAtMs: readNumber(bytes, GONE_AT),
  };
}
