import type { Session } from '../history/history.ts';

/** Tells whether the stream owned up, before anything else, that it does not go on after its token. */
export function beginsWithReset({ received }: Session): boolean {
  return received[0]?.kind === 'reset';
}

/** Tells whether the token with which a stream was opened is of its namespace and of the history it serves. */
export function canGoOn({ resume, namespaceId, received }: Session): boolean {
  if (resume.kind !== 'after' || resume.mark.namespaceId !== namespaceId) return false;
  return resume.mark.epoch === received[0]?.mark?.epoch;
}
