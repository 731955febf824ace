/** A read of a key that is on its way. */
export interface Flight {
  /**
   * The answer shows every change that was acknowledged before this monotonic time, in milliseconds: when the reads were
   * sent, or when the primaries that they were sent to were last proven, whichever is earlier. A flight that asks the
   * control partition in its turn is as old as that from the send on, not from the answer: others join in between.
   */
  readonly asOfMs: number;
}

/**
 * Tells whether a reader may take the answer of a read that is already on its way. Not if it carries a token, which the
 * read may be older than, and not if the answer would be staler than a node may serve.
 */
export function mayJoin(flight: Flight, carriesToken: boolean, nowMs: number, maxLagMs: number): boolean {
  return !carriesToken && nowMs - flight.asOfMs <= maxLagMs;
}
