import type { MaybePromise } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';

/**
 * Runs every item of a batch and returns, in their order, what each gave or the operating error it ended with: one bad
 * item does not spoil the others. A bug still fails the whole call.
 */
export function settleEach<Item, Result>(
  items: readonly Item[],
  run: (item: Item, index: number) => MaybePromise<Result>,
): MaybePromise<readonly (Result | OperatingError)[]> {
  const settled = items.map((item, index) => settle(() => run(item, index)));
  return settled.some((result) => result instanceof Promise)
    ? Promise.all(settled)
    : (settled as (Result | OperatingError)[]);
}

function settle<Result>(run: () => MaybePromise<Result>): MaybePromise<Result | OperatingError> {
  try {
    const result = run();
    return result instanceof Promise ? result.catch(operatingErrorOnly) : result;
  } catch (thrown) {
    return operatingErrorOnly(thrown);
  }
}

function operatingErrorOnly(thrown: unknown): OperatingError {
  if (thrown instanceof OperatingError) return thrown;
  throw thrown;
}
