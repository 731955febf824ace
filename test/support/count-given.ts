/** Returns the environment's COUNT, or what applies without one. Fails unless it is a whole number above 0. */
export function countGiven(otherwise: number): number {
  const count = Number(process.env['COUNT'] ?? otherwise);
  if (!Number.isInteger(count) || count < 1) throw new Error('COUNT must be a whole number above 0');
  return count;
}
