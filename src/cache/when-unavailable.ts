import type { MaybePromise } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';

/**
 * Asks, and answers `instead` where the store that the nodes share can't be asked: STORE_UNAVAILABLE, which says that
 * nothing was done. Every other failure stays, OUTCOME_UNKNOWN above all.
 */
export function whenUnavailable<T>(ask: () => MaybePromise<T>, instead: (error: OperatingError) => T): MaybePromise<T> {
  const recover = (failure: unknown): T => {
    if (failure instanceof OperatingError && failure.reason === 'STORE_UNAVAILABLE') return instead(failure);
    throw failure;
  };
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(recover) : answer;
  } catch (failure) {
    return recover(failure);
  }
}
