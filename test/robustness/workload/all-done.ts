/** Waits until all have ended, also when one fails: what goes on would disturb the next run. Then fails as the first did. */
export async function allDone(running: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(running);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
