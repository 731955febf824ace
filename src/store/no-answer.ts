import { OperatingError } from '../base/operating-error.ts';

/**
 * The cause of an operating error where nobody answered a call: it could not be sent, or was sent and its answer did not
 * come. A store that answers with an error is there, whatever it says.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Tells whether a call failed because nobody answered it. */
export function isUnanswered(failure: unknown): boolean {
  return failure instanceof OperatingError && failure.detail.cause instanceof NoAnswer;
}
