import { type ServiceError, status } from '@grpc/grpc-js';
import { millisecondsOf } from '../base/durations.ts';
import {
  DeadlineExceededError,
  type Failure,
  InvalidArgumentError,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RepriseError,
  UnavailableError,
} from '../errors.ts';
import { ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts';
import { Status } from '../gen/google/rpc/status.ts';

/** Returns what grpc-js rejected a call with as an error of the client. */
export function errorOfCall(error: ServiceError): RepriseError {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = Buffer.isBuffer(bytes) ? Status.decode(bytes).details : [];
  return errorOf(error.details, failureOf(error.code, details), error);
}

/** Returns the error of one item of a batch as an error of the client. */
export function errorOfItem({ code, message, details }: Status): RepriseError {
  return errorOf(message, failureOf(code, details));
}

/** Returns the error for a change whose tries ended without anybody knowing whether it was applied. */
export function unknownOutcome(cause: RepriseError): OutcomeUnknownError {
  const { code, reason, metadata, retryAfterMs } = cause;
  const failure = { code, reason, metadata, retryAfterMs };
  return new OutcomeUnknownError('The change may have been applied.', failure, { cause });
}

function errorOf(message: string, failure: Failure, cause?: unknown): RepriseError {
  const Kind = KINDS_BY_REASON[failure.reason ?? ''] ?? KINDS_BY_CODE[failure.code ?? ''] ?? RepriseError;
  return new Kind(message, failure, cause === undefined ? undefined : { cause });
}

const KINDS_BY_REASON: Readonly<Record<string, typeof RepriseError>> = {
  OUTCOME_UNKNOWN: OutcomeUnknownError,
  OVERLOADED: OverloadedError,
};

const KINDS_BY_CODE: Readonly<Record<string, typeof RepriseError>> = {
  UNAVAILABLE: UnavailableError,
  DEADLINE_EXCEEDED: DeadlineExceededError,
  INVALID_ARGUMENT: InvalidArgumentError,
  NOT_FOUND: NotFoundError,
};

function failureOf(code: number, details: Status['details']): Failure {
  const find = (type: string): Buffer | undefined =>
    details.find(({ typeUrl }) => typeUrl.endsWith(`google.rpc.${type}`))?.value;
  const [info, retry] = [find('ErrorInfo'), find('RetryInfo')];
  const { reason, metadata } = ErrorInfo.decode(info ?? Buffer.alloc(0));
  return {
    code: status[code] ?? 'UNKNOWN',
    reason,
    metadata: Object.fromEntries(metadata),
    retryAfterMs: retry === undefined ? undefined : millisecondsOf(RetryInfo.decode(retry).retryDelay),
  };
}
