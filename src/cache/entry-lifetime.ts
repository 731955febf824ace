import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { Namespace } from './namespace.ts';
import { jitteredTtlMs } from './rules/lifetime.ts';

/** A lifetime as a caller asks for it. Absent: the namespace's default. */
export interface AskedLifetime {
  readonly ttlMs: number | undefined;
  readonly staleWindowMs: number | undefined;
}

/** A lifetime as the store is told. */
export interface GivenLifetime {
  readonly ttlMs: number;
  readonly staleWindowMs: number;
}

/**
 * Returns the lifetime of an entry by its namespace's rules, after jitter.
 *
 * @throws OperatingError TTL_OUT_OF_RANGE, STALE_WINDOW_OUT_OF_RANGE
 */
export function entryLifetime(
  namespace: Namespace,
  asked: AskedLifetime,
  negative: boolean,
  random: Random,
): GivenLifetime {
  const { settings } = namespace;
  const ttlMsMax = negative ? settings.negativeTtlMs : settings.maxTtlMs;
  const ttlMs = asked.ttlMs ?? (negative ? settings.negativeTtlMs : settings.defaultTtlMs);
  if (!(ttlMs >= 1 && ttlMs <= ttlMsMax)) {
    throw outOfRange('TTL_OUT_OF_RANGE', 'ttl', `The TTL must be from 1 ms to ${ttlMsMax} ms here.`, {
      ttlMs,
      ttlMsMax,
    });
  }
  const staleWindowMsMax = negative ? 0 : limits.staleWindowMsMax;
  const staleWindowMs = asked.staleWindowMs ?? (negative ? 0 : settings.defaultStaleWindowMs);
  if (!(staleWindowMs >= 0 && staleWindowMs <= staleWindowMsMax)) {
    const rule = `The stale window must be from 0 to ${staleWindowMsMax} ms here.`;
    throw outOfRange('STALE_WINDOW_OUT_OF_RANGE', 'stale_window', rule, { staleWindowMs, staleWindowMsMax });
  }
  return { ttlMs: jitteredTtlMs(ttlMs, settings.ttlJitterRatio, () => random.float()), staleWindowMs };
}

function outOfRange(
  reason: 'TTL_OUT_OF_RANGE' | 'STALE_WINDOW_OUT_OF_RANGE',
  field: string,
  message: string,
  metadata: Record<string, number>,
): OperatingError {
  return new OperatingError(reason, message, { metadata, field });
}
