import { OperatingError } from '../../base/operating-error.ts';
import { NoAnswer } from '../no-answer.ts';

/** Why a connection, or a call, failed: in words that name no hosts, keys or values. */
export interface RedisFailure {
  /** Redis' own first word, such as `READONLY`, Node's code, such as `ECONNREFUSED`, or one of ours in small letters. */
  readonly code: string;
  readonly what: string;
  /** For whoever runs the servers. */
  readonly whatToDo: string;
}

/** How long callers are asked to wait before they try again: a new connection is tried within this time. */
export const RETRY_AFTER_MS = 250;

/** The error for a call that did not run, or changed nothing. The cause defaults to what the store answered. */
export function storeUnavailable(failure: RedisFailure, cause: Error = causeOf(failure)): OperatingError {
  const text = `the store can't be used now: ${failure.what}`;
  return new OperatingError('STORE_UNAVAILABLE', text, { retryAfterMs: RETRY_AFTER_MS, cause });
}

/** The error for a change that may have been applied. The cause defaults to what the store answered. */
export function outcomeUnknown(failure: RedisFailure, cause: Error = causeOf(failure)): OperatingError {
  const text = `nobody can tell whether the change was applied: ${failure.what}; repeat it only with the same request id`;
  return new OperatingError('OUTCOME_UNKNOWN', text, { retryAfterMs: RETRY_AFTER_MS, cause });
}

/** Returns the cause of the error for a call that nobody answered. */
export const silenceOf = oncePerFailure((text) => new NoAnswer(text));

const causeOf = oncePerFailure((text) => new Error(text));

// For the log. Deliberate: not the driver's own error, which carries the command with its keys and values. Made once for
// each failure: thousands of calls may fail together, and where they stand when they do tells nothing.
function oncePerFailure(make: (text: string) => Error): (failure: RedisFailure) => Error {
  const causes = new WeakMap<RedisFailure, Error>();
  return (failure) => {
    const known = causes.get(failure);
    if (known !== undefined) return known;
    const cause = make(`${failure.code}: ${failure.what}. ${failure.whatToDo}`);
    causes.set(failure, cause);
    return cause;
  };
}
