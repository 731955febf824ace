import type { GetOutcome, OfferedLease } from '../cache/get-entry.ts';
import { NO_POSITION } from '../cache/revision.ts';
import type { MessageWriter } from './message-writer.ts';

/** Tags of Hit's fields: number × 8 + wire type, as proto/reprise/v1/entry.proto numbers them. */
const field = {
  value: 0x0a,
  negative: 0x12,
  contentType: 0x1a,
  revision: 0x22,
  freshFor: 0x2a,
  keepFor: 0x32,
  expireTime: 0x3a,
  stale: 0x40,
  tags: 0x4a,
  lease: 0x52,
  unverified: 0x58,
} as const;

const leaseField = { id: 0x0a, hold: 0x12 } as const;
const timeField = { seconds: 0x08, nanos: 0x10 } as const;

/** Bytes that a Hit takes beside its value, content type, tags and lease, roughly. */
const REST_BYTES = 64;
/** Bytes that a text field takes at most beside three times its length. */
const TEXT_REST_BYTES = 6;
const EMPTY_LENGTH = 0;
const NANOS_PER_MS = 1_000_000;

type Served = Extract<GetOutcome, { kind: 'hit' | 'not-modified' }>;

/** Returns how many bytes `writeHit` takes at most. */
export function hitBytesMax({ entry, lease }: Served): number {
  let characters = entry.contentType.length + (lease?.id.length ?? 0);
  for (const tag of entry.tags) characters += tag.length + TEXT_REST_BYTES;
  return 2 * REST_BYTES + (entry.value?.length ?? 0) + 3 * characters;
}

/**
 * Writes a served entry as the field `tag` of type Hit, byte for byte what `Hit.encode` writes. Plain form: `hitOf`.
 * Make room for `hitBytesMax` first.
 */
export function writeHit(writer: MessageWriter, tag: number, outcome: Served, withTags: boolean): void {
  const { entry } = outcome;
  const likelyBytes = REST_BYTES + (entry.value?.length ?? 0) + entry.contentType.length;
  const start = writer.begin(tag, likelyBytes);
  if (entry.value === undefined) writeEmpty(writer, field.negative);
  else writer.bytes(field.value, entry.value);
  if (entry.contentType !== '') writer.string(field.contentType, entry.contentType);
  if (entry.position !== NO_POSITION) writer.revision(field.revision, entry.position);
  writeTime(writer, field.freshFor, outcome.freshForMs);
  writeTime(writer, field.keepFor, outcome.keepForMs);
  writeTime(writer, field.expireTime, outcome.freshUntilMs);
  if (outcome.freshForMs === 0) writeTrue(writer, field.stale);
  if (withTags) for (const each of entry.tags) writer.string(field.tags, each);
  if (outcome.lease !== undefined) writeLease(writer, outcome.lease);
  if (outcome.fallback !== undefined) writeTrue(writer, field.unverified);
  writer.end(start, likelyBytes);
}

function writeLease(writer: MessageWriter, lease: OfferedLease): void {
  const start = writer.begin(field.lease, REST_BYTES);
  writer.string(leaseField.id, lease.id);
  writeTime(writer, leaseField.hold, lease.holdMs);
  writer.end(start, REST_BYTES);
}

/** Writes a Duration or a Timestamp: they have the same fields. */
function writeTime(writer: MessageWriter, tag: number, ms: number): void {
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * NANOS_PER_MS);
  const start = writer.begin(tag, 1);
  if (seconds !== 0) {
    writer.byte(timeField.seconds);
    writer.varint(seconds);
  }
  if (nanos !== 0) {
    writer.byte(timeField.nanos);
    writer.varint(nanos);
  }
  writer.end(start, 1);
}

function writeEmpty(writer: MessageWriter, tag: number): void {
  writer.byte(tag);
  writer.byte(EMPTY_LENGTH);
}

function writeTrue(writer: MessageWriter, tag: number): void {
  writer.byte(tag);
  writer.byte(1);
}
