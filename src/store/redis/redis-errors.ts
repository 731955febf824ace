import { OperatingError, type ReasonName } from '../../base/operating-error.ts';
import { outcomeUnknown, RETRY_AFTER_MS, type RedisFailure, silenceOf, storeUnavailable } from './redis-failure.ts';
import { changedNothing, replyCode, replyFailure } from './reply-failure.ts';

// The reasons with which our own scripts may answer, and what the caller is told beside the facts.
const OWN_REASONS: Partial<Record<ReasonName, string>> = {
  REQUEST_IDS_FULL: 'the store remembers as many request ids as it may: retry later',
  NAMESPACE_NOT_FOUND: 'there is no such namespace',
  VALUE_TOO_LARGE: 'the value is larger than the store takes',
  QUOTA_EXCEEDED: 'the store has no room left for this namespace',
  TOKEN_UNUSABLE: 'a token names what is not in the history',
  STORE_UNAVAILABLE: "the store can't be used now",
  OUTCOME_UNKNOWN: 'nobody can tell whether the change was applied: repeat it only with the same request id',
};

/** Whether a call changes something, so that one without an answer may have done so. */
export type Effect = 'reads' | 'changes';

/** Translates what Redis answered to a script, instead of its result, into what callers are told. */
export function replyError(message: string, effect: Effect): OperatingError {
  const own = ownError(message);
  if (own !== undefined) return own;
  const failure = replyFailure(message);
  return effect === 'reads' || changedNothing(message) ? storeUnavailable(failure) : outcomeUnknown(failure);
}

/** Translates the failure of a call that was sent and not answered. */
export function unansweredError(failure: RedisFailure, effect: Effect): OperatingError {
  const cause = silenceOf(failure);
  return effect === 'reads' ? storeUnavailable(failure, cause) : outcomeUnknown(failure, cause);
}

function ownError(message: string): OperatingError | undefined {
  const reason = replyCode(message) as ReasonName;
  const text = OWN_REASONS[reason];
  if (text === undefined) return undefined;
  const { retryAfterMs, ...metadata } = factsOf(message);
  const retry = retryAfterMs ?? (WITH_RETRY.has(reason) ? RETRY_AFTER_MS : undefined);
  return new OperatingError(reason, text, { metadata, ...(retry === undefined ? {} : { retryAfterMs: retry }) });
}

const WITH_RETRY: ReadonlySet<ReasonName> = new Set(['REQUEST_IDS_FULL', 'STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN']);

// Words of the form `name=number`. Redis adds where in the script it happened, which has no such words.
function factsOf(message: string): Record<string, number> & { retryAfterMs?: number } {
  const words = message.matchAll(/(?<=\s)([A-Za-z]+)=(\d+)(?=[\s,]|$)/g);
  return Object.fromEntries([...words].map(([, name, number]) => [name!, Number(number)]));
}
