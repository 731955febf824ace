/** A page of a partition's log, in the epoch that the tail is in. */
export interface LogPage {
  /** The page begins after this number: what the tail had applied when it asked. */
  readonly after: number;
  /** First and last number of its changes; `undefined` if it has none. */
  readonly numbers: { readonly first: number; readonly last: number } | undefined;
  /** Head of the log when the page was read. */
  readonly head: number;
}

/** What a tail does with a page: apply it, nothing, or give up its history and take the log's head as its own. */
export type LogStep = 'apply' | 'nothing' | 'hole';

/**
 * Returns what a tail that has applied everything up to `applied` does with a page. Numbers have no holes, so that a
 * trimmed log and one that went back are facts and not guesses. A doorbell may have brought the tail beyond the page
 * since it was asked for: that is no hole.
 */
export function logStep(applied: number, { after, numbers, head }: LogPage): LogStep {
  if (head < after) return 'hole';
  if (numbers === undefined) return head > after && head > applied ? 'hole' : 'nothing';
  if (numbers.first > applied + 1) return 'hole';
  return numbers.last > applied ? 'apply' : 'nothing';
}
