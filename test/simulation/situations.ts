/**
 * Everything interesting that a run must have come across: a promise that was never put to the test is not kept. Those
 * that only some shapes can meet are listed apart.
 */
export const everywhere = [
  'a failover with loss',
  'a failover without loss',
  'a flap back to a replica that had missed an epoch',
  'a wiped store',
  'a routine id change',
  'a write to a deposed primary',
  'a deposed primary noticed by a heartbeat',
  'a node led astray',
  'a read refused since the primary is not proven',
  'an epoch unrelated to the known one',
  'a fork that dropped entries',
  'a fork that kept entries',
  'a hole in the log',
  'a lost doorbell',
  'an answer of an older epoch ignored',
  'a fence refused',
  'a fence honoured',
  'a lease granted',
  'a lease refused',
  'a void lease taken over',
  'a fill under a lease',
  'a fill under a void lease refused',
  'a fill kept out of L1 by the fence',
  'a served entry from L1',
  'an absence from L1',
  'a joined flight',
  'a stamp hid an entry',
  'an entry marked stale',
  'a stale entry within its window',
  'a folded table',
  'a swept entry',
  'forgotten watermarks',
  'a pass that did not count',
  'a table taken from the store',
  'a token served from L1',
  'a token read through',
  'a token refused',
  'a Touch',
  'an eviction',
  'a forgotten tombstone',
  'a repeated try',
  'a late try refused',
  'an outcome unknown',
  'a re-issued invalidation',
  'a forgotten acknowledgement',
  'a killed node',
  'a stream told a Reset',
  'a stream resumed elsewhere',
  'a stream resumed across a fork',
  'a stream that waits for its node',
  'an epoch change told to a stream',
  'a served entry from a near cache',
  'a near entry dropped',
  'a near cache proven',
  'a Hit kept out of a near cache',
  'an own write in a near cache',
  'a forgotten epoch',
] as const;

/** What only a namespace on one partition is sure to meet. */
export const whenAlone = ['an entry judged by a table that has the newest watermark'] as const;

/** What only a namespace on several partitions can meet. */
export const whenSpread = ['a stamp judged by the control partition'] as const;

/** Something interesting that happened. */
export type Situation = (typeof everywhere)[number] | (typeof whenAlone)[number] | (typeof whenSpread)[number];

/** Counts what happened. */
export class Situations {
  readonly counts = new Map<Situation, number>();

  /** Counts one. */
  met(situation: Situation, times = 1): void {
    this.counts.set(situation, (this.counts.get(situation) ?? 0) + times);
  }

  /** Adds the counts of another run. */
  add(other: Situations): void {
    for (const [situation, times] of other.counts) this.met(situation, times);
  }
}
