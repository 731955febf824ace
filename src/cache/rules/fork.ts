/**
 * What a fork does to a node. Its own history ends at `fork`; what it knows beyond is of changes that were lost, under
 * numbers that name others from now on.
 *
 * - L1 entries and absences numbered beyond the fork go (`survivesFork`); the others stay: a planned failover costs
 *   nothing.
 * - Its position, the ring for subscribers and the recent changes go back to the fork (`clampToFork`).
 * - In a control partition, L1 is swept by the old watermark table, then the store's table takes its place. The lost
 *   marks must go, or they hide new Sets; single rows can't be taken back out of a table that has folded.
 */
export function survivesFork(number: number, fork: number): boolean {
  return number <= fork;
}

/** Returns a number of the old epoch as one that both histories share. */
export function clampToFork(number: number, fork: number): number {
  return Math.min(number, fork);
}
