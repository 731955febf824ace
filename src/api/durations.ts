import type { Duration } from '../gen/google/protobuf/duration.ts';
import type { Timestamp } from '../gen/google/protobuf/timestamp.ts';

const NANOS_PER_MS = 1_000_000;

/** Returns a span of milliseconds, not negative, as a Duration. */
export function durationOf(ms: number): Duration {
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * NANOS_PER_MS) };
}

/** Returns an instant in milliseconds since the Unix epoch as a Timestamp. */
export function timestampOf(ms: number): Timestamp {
  return durationOf(ms);
}

/** Returns a Duration in whole milliseconds, rounded up; NaN if its parts have different signs or are out of range. */
export function millisecondsOf(duration: Duration): number {
  const { seconds, nanos } = duration;
  const malformed = Math.abs(nanos) > 999_999_999 || (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  return malformed ? Number.NaN : Number(seconds) * 1000 + Math.ceil(nanos / NANOS_PER_MS);
}
