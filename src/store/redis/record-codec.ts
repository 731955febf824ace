import { limits } from '../../base/limits.ts';
import type { Lifetime } from '../../cache/rules/lifetime.ts';
import type { Found } from '../partition-store.ts';
import type { Content, RemovalCause, StoredEntry } from '../store.ts';
import { readNumber, readPosition } from './position-codec.ts';
import { packTexts, TextReader } from './texts-codec.ts';

const NOT_THERE: Found = { entry: undefined, absence: 'unknown' };

/** Where the parts of a record lie, as `scripts/lib/record.lua` writes it. */
const AT = { kind: 0, mark: 1, gone: 2, position: 8, stamp: 22, created: 36, fresh: 42, metadata: 48 } as const;

const ENTRY = 0x65;
const NEGATIVE = 0x6e;
const MARKED = 0x73;

/** The kind of a record, as its letter: of an entry, or of one that says that the source has nothing. */
export type EntryKind = 'e' | 'n';

/** The kind of a removal, as its letter. */
export type RemovalKind = 'd' | 'i';

/** Causes by the letter of their kind of removal. */
const CAUSES: Readonly<Record<number, RemovalCause>> = { 100: 'deleted', 105: 'invalidated', 120: 'expired' };

/** Packs what follows the header of a record: the metadata's length in 2 bytes, content type and tags, the value. */
export function packContent({ value, contentType, tags }: Content): Buffer {
  const metadata = packTexts([contentType, ...tags]);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(metadata.length);
  return value === undefined ? Buffer.concat([length, metadata]) : Buffer.concat([length, metadata, value]);
}

/**
 * Reads a record. The value is a view into its bytes. What is none, since somebody wrote there by hand, counts as nothing:
 * a reader misses, and a Set mends it.
 */
export function readRecord(key: string, bytes: Buffer | undefined, nowMs: number): Found {
  if (bytes === undefined) return NOT_THERE;
  try {
    return foundIn(key, bytes, nowMs);
  } catch (error) {
    if (error instanceof RangeError) return NOT_THERE;
    throw error;
  }
}

function foundIn(key: string, bytes: Buffer, nowMs: number): Found {
  const kind = bytes[AT.kind];
  if (kind !== ENTRY && kind !== NEGATIVE) return { entry: undefined, absence: removalCause(bytes, nowMs) };
  const lifetime = lifetimeIn(bytes);
  if (nowMs >= lifetime.goneAtMs) return { entry: undefined, absence: 'expired' };
  return { entry: entryIn(key, bytes, lifetime), absence: 'unknown' };
}

function entryIn(key: string, bytes: Buffer, { createdAtMs, freshUntilMs, goneAtMs }: Lifetime): StoredEntry {
  const from = AT.metadata + 2;
  const end = from + bytes.readUInt16BE(AT.metadata);
  const [contentType, ...tags] = new TextReader(bytes, from).textsTo(end);
  return {
    key,
    value: bytes[AT.kind] === NEGATIVE ? undefined : bytes.subarray(end),
    contentType: contentType!,
    tags,
    position: readPosition(bytes, AT.position),
    stamp: readPosition(bytes, AT.stamp),
    createdAtMs,
    freshUntilMs,
    goneAtMs,
    markedStale: bytes[AT.mark] === MARKED,
  };
}

function lifetimeIn(bytes: Buffer): Lifetime {
  return {
    createdAtMs: readNumber(bytes, AT.created),
    freshUntilMs: readNumber(bytes, AT.fresh),
    goneAtMs: readNumber(bytes, AT.gone),
  };
}

function removalCause(bytes: Buffer, nowMs: number): RemovalCause {
  if (nowMs - readNumber(bytes, AT.created) > limits.fenceAgeMsMax) return 'unknown';
  return CAUSES[bytes[AT.kind]!] ?? 'unknown';
}
