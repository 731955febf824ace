import {
  CodecError,
  DeadlineExceededError,
  InvalidArgumentError,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RepriseError,
  UnavailableError,
} from '../src/index.ts';
import type { Fields } from './fields.ts';

/** What a computation of the driver throws. */
export class ComputationError extends Error {}

/** A `take` did not get what it waited for. */
export class TimeoutError extends Error {}

/** The client has nothing of this name. */
export class NotSupportedError extends Error {}

const KINDS = [
  [UnavailableError, 'Unavailable'],
  [DeadlineExceededError, 'DeadlineExceeded'],
  [OutcomeUnknownError, 'OutcomeUnknown'],
  [InvalidArgumentError, 'InvalidArgument'],
  [NotFoundError, 'NotFound'],
  [OverloadedError, 'Overloaded'],
  [CodecError, 'CodecError'],
] as const;

/** Returns how an answer writes an error. `signal`: of the command, where it may have been cancelled. */
export function errorOf(error: unknown, signal?: AbortSignal): Fields {
  if (signal?.aborted && error === signal.reason) return { kind: 'Cancelled' };
  if (error instanceof ComputationError) return { kind: 'Computation', reason: error.message };
  if (error instanceof TimeoutError) return { kind: 'Timeout' };
  if (error instanceof NotSupportedError) return { kind: 'NotSupported', reason: error.message };
  if (error instanceof RepriseError) return { kind: kindOf(error), code: error.code, reason: error.reason };
  if (error instanceof TypeError || error instanceof RangeError) return { kind: 'Usage', reason: error.message };
  return { kind: 'RepriseError', reason: String(error) };
}

function kindOf(error: RepriseError): string {
  if (error.code === 'CANCELLED') return 'Cancelled';
  return KINDS.find(([Kind]) => error instanceof Kind)?.[1] ?? 'RepriseError';
}
