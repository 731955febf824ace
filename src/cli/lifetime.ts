import { millisecondsOf } from '../api/durations.ts';
import type { Duration } from '../gen/google/protobuf/duration.ts';
import type { Timestamp } from '../gen/google/protobuf/timestamp.ts';
import { formatSpan } from './format-figures.ts';

/** What answers say of an entry's life. */
export interface Lifetime {
  readonly freshFor: Duration | undefined;
  readonly keepFor: Duration | undefined;
  readonly expireTime: Timestamp | undefined;
}

/** Returns a lifetime as JSON shows it: milliseconds, and an instant in ISO 8601. */
export function lifetimeJson(lifetime: Lifetime): Record<string, number | string | undefined> {
  const { freshFor, keepFor, expireTime } = lifetime;
  return { freshForMs: spanMs(freshFor), keepForMs: spanMs(keepFor), expireTime: instantText(expireTime) };
}

/** Returns a lifetime as people read it. */
export function lifetimeFields(lifetime: Lifetime): Record<string, string | undefined> {
  const { freshFor, keepFor, expireTime } = lifetime;
  const until = instantText(expireTime);
  return {
    'fresh for': `${formatSpan(spanMs(freshFor))}${until === undefined ? '' : `, until ${until}`}`,
    'kept for': formatSpan(spanMs(keepFor)),
  };
}

/** Returns a Duration in milliseconds, 0 if it is absent. */
export function spanMs(duration: Duration | undefined): number {
  return duration === undefined ? 0 : millisecondsOf(duration);
}

/** Returns a Timestamp in ISO 8601, undefined if it is absent. */
export function instantText(timestamp: Timestamp | undefined): string | undefined {
  return timestamp === undefined ? undefined : new Date(spanMs(timestamp)).toISOString();
}
