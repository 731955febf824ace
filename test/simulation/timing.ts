/**
 * Times and bounds of the simulated fleet, in its own coarse milliseconds. Their relations are those of the product:
 * memories outlive what they guard, replicas lag for less long than a node remembers, and so on.
 */
export const timing = {
  /** Callers and faults are active. */
  runMs: 700,
  /** Faults have ended, callers go on. */
  calmMs: 120,
  /** Nobody calls; then everybody reads what is there. */
  hushMs: 110,
  /** Everything that is on its way arrives. */
  quietMs: 600,
  /** BoundedStaleness of a node. */
  maxLagMs: 60,
  /** BoundedStaleness of a near cache. */
  nearStalenessMs: 90,
  callTimeoutMs: 90,
  fenceAgeMs: 70,
  leaseHoldMs: 40,
  /** How old a fill’s stamp may be: a miss lags, then its fence is honoured, or a lease asked for and held. */
  stampAgeMs: 230,
  /** A replica is never further behind, nor a deposed primary alive for longer: far longer than maxLagMs. */
  replicaLagMsMax: 60,
  zombieMsMax: 130,
  /** How long nodes remember what a failover may still lose. */
  memoryMs: 230,
  /** A caller repeats a change for so long. */
  retryWindowMs: 100,
  retryAfterMs: 35,
  /** A try must not be applied later than this after it was sent. */
  tryMs: 45,
  requestAgeMs: 250,
} as const;

/** What the parts hold at most. */
export interface Bounds {
  /** Changes that the store's log keeps. */
  readonly logMax: number;
  /** Changes that a node keeps for subscribers. */
  readonly ringMax: number;
  /** Keys whose newest change a node remembers. */
  readonly recentKeysMax: number;
  readonly tombstonesMax: number;
  readonly ancestorsMax: number;
  /** Changes told during one flight of a near cache. */
  readonly toldMax: number;
}

/** Bounds so small that each of them is reached. */
export const tight: Bounds = {
  logMax: 12,
  ringMax: 8,
  recentKeysMax: 1,
  tombstonesMax: 1,
  ancestorsMax: 4,
  toldMax: 12,
};

/** Bounds that nothing reaches. */
export const roomy: Bounds = {
  logMax: 10_000,
  ringMax: 10_000,
  recentKeysMax: 100,
  tombstonesMax: 100,
  ancestorsMax: 10_000,
  toldMax: 10_000,
};

/** Most changes in one page of the log. */
export const pageMax = 5;
