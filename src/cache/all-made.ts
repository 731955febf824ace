import { OperatingError } from '../base/operating-error.ts';
import type { Applied } from '../store/store.ts';

/**
 * Returns the changes that one call stands for, if all of them were made.
 *
 * @throws the failure of all, if each failed with the same reason; OUTCOME_UNKNOWN if only some were made
 */
export function allMade(ends: readonly PromiseSettledResult<Applied>[]): readonly Applied[] {
  const failures = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  if (failures.length === 0) return ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  const bug = failures.find((failure) => !(failure instanceof OperatingError));
  if (bug !== undefined) throw bug;
  const [first, ...others] = failures as OperatingError[];
  if (failures.length === ends.length && others.every(({ reason }) => reason === first!.reason)) throw first;
  const { retryAfterMs } = first!.detail;
  throw new OperatingError('OUTCOME_UNKNOWN', 'The invalidation was made in part: repeat it.', {
    metadata: { made: ends.length - failures.length, of: ends.length },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: first,
  });
}
