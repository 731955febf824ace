/** When an entry is written, becomes stale and is gone, in milliseconds of the store's clock. */
export interface Lifetime {
  readonly createdAtMs: number;
  readonly freshUntilMs: number;
  readonly goneAtMs: number;
}

/** How far an entry's life has come. */
export type LifeStage = 'fresh' | 'stale' | 'gone';

/** Returns the lifetime of an entry written now. */
export function lifetimeFrom(nowMs: number, ttlMs: number, staleWindowMs: number): Lifetime {
  return { createdAtMs: nowMs, freshUntilMs: nowMs + ttlMs, goneAtMs: nowMs + ttlMs + staleWindowMs };
}

/** Returns how far a life has come. An entry is fresh before its fresh-until time and gone from its gone time on. */
export function lifeStage(lifetime: Lifetime, nowMs: number): LifeStage {
  if (nowMs < lifetime.freshUntilMs) return 'fresh';
  return nowMs < lifetime.goneAtMs ? 'stale' : 'gone';
}

/** Returns a TTL shortened by a random share of at most `ratio`, and at least 1 ms. */
export function jitteredTtlMs(ttlMs: number, ratio: number, randomFloat: () => number): number {
  return ratio === 0 ? ttlMs : Math.max(1, Math.round(ttlMs * (1 - ratio * randomFloat())));
}
