import type { Duration } from '../gen/google/protobuf/duration.ts';

/** Returns milliseconds as the contract's duration. Fractions below a nanosecond are lost. */
export function durationOf(ms: number): Duration {
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * 1e6);
  return nanos < 1e9 ? { seconds: BigInt(seconds), nanos } : { seconds: BigInt(seconds + 1), nanos: 0 };
}

/** Returns a duration in milliseconds; 0 for an absent one. */
export function millisecondsOf(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}

/** Returns milliseconds as the contract's duration, or undefined where there are none. */
export function optionalDuration(ms: number | undefined): Duration | undefined {
  return ms === undefined ? undefined : durationOf(ms);
}
