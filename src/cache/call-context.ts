/** What bounds a call: its caller's patience. */
export interface CallContext {
  /** Milliseconds left until the deadline; 0 or less when it has passed. */
  remainingMs(): number;
  /** Aborted when the caller gives the call up or its deadline passes. */
  readonly signal: AbortSignal;
}
