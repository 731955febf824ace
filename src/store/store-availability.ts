/** What of a store can be used now. Memory in front of it goes on as far as it may. */
export interface StoreState {
  /** Reads that memory can't answer. */
  readonly reads: boolean;
  /** Changes. */
  readonly writes: boolean;
}

/** What the circuit breakers of a store did since the start. */
export interface BreakerCounts {
  /** Breakers by the state in which they are now. */
  readonly breakers: { readonly closed: number; readonly open: number; readonly halfOpen: number };
  /** Times that one opened which had been closed. */
  readonly opened: number;
  /** Calls that were refused without being sent. */
  readonly refused: number;
}

/** Knows whether a store that lives elsewhere can be used. */
export interface StoreAvailability {
  /** As it is now. */
  readonly state: StoreState;
  readonly counts: BreakerCounts;
  /** Calls `listener` with every other state from now on. It must not throw. Returns how to stop. */
  watch(listener: (state: StoreState) => void): () => void;
}
