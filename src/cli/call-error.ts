import { type ServiceError, status } from '@grpc/grpc-js';
import { ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts';
import { Status } from '../gen/google/rpc/status.ts';
import { spanMs } from './lifetime.ts';

/** What a failed call tells. */
export interface CallFailure {
  /** The gRPC code. */
  readonly code: status;
  /** `ErrorInfo.reason`; undefined if the error was not made by Reprise, such as a connection that broke. */
  readonly reason: string | undefined;
  /** `ErrorInfo.metadata`. */
  readonly facts: ReadonlyMap<string, string>;
  /** After which time a retry makes sense, if the server said so. */
  readonly retryAfterMs: number | undefined;
}

/** A call that failed. */
export class CallError extends Error implements CallFailure {
  readonly code: status;
  readonly reason: string | undefined;
  readonly facts: ReadonlyMap<string, string>;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, failure: CallFailure, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CallError';
    this.code = failure.code;
    this.reason = failure.reason;
    this.facts = failure.facts;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** Returns what grpc-js rejected a call with as a CallError. */
export function callErrorOf(error: ServiceError): CallError {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = Buffer.isBuffer(bytes) ? Status.decode(bytes).details : [];
  return new CallError(error.details, failureOf(error.code, details), { cause: error });
}

/** Returns the error of one item of a batch as a CallError. */
export function callErrorOfStatus({ code, message, details }: Status): CallError {
  return new CallError(message, failureOf(code, details));
}

function failureOf(code: number, details: Status['details']): CallFailure {
  const find = (type: string): Buffer | undefined =>
    details.find(({ typeUrl }) => typeUrl.endsWith(`google.rpc.${type}`))?.value;
  const [info, retry] = [find('ErrorInfo'), find('RetryInfo')];
  const { reason, metadata } = ErrorInfo.decode(info ?? Buffer.alloc(0));
  return {
    code: code in status ? (code as status) : status.UNKNOWN,
    reason: reason === '' ? undefined : reason,
    facts: metadata,
    retryAfterMs: retry === undefined ? undefined : spanMs(RetryInfo.decode(retry).retryDelay),
  };
}
