import { type StatusObject, status } from '@grpc/grpc-js';
import { errorFacts } from './call.ts';

/**
 * Returns what a try that failed counts as: with an unknown outcome, without effect, or cut off without any status;
 * `undefined` if it may not be made again.
 */
export function retriedFor(
  failure: Pick<StatusObject, 'code' | 'details' | 'metadata'>,
): 'unknown' | 'unavailable' | 'cut' | undefined {
  const { code, reason } = errorFacts(failure);
  if (reason === 'OUTCOME_UNKNOWN') return 'unknown';
  if (code === status.UNAVAILABLE || reason === 'OVERLOADED') return 'unavailable';
  // What grpc-js 1.14.7 says of a stream that ended so; nothing of it came from a handler.
  return code === status.INTERNAL && /without gRPC status/.test(failure.details) ? 'cut' : undefined;
}
