import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import type { ErrorDetail, OperatingError } from '../base/operating-error.ts';
import type { Any } from '../gen/google/protobuf/any.ts';
import {
  BadRequest,
  ErrorInfo,
  QuotaFailure,
  type QuotaFailure_Violation,
  RetryInfo,
} from '../gen/google/rpc/error_details.ts';
import { Status } from '../gen/google/rpc/status.ts';
import { durationOf } from './durations.ts';
import { reasonCodes } from './reason-codes.ts';

const DOMAIN = 'reprise';
const TYPE_URL = 'type.googleapis.com/google.rpc.';

const emptyViolation: QuotaFailure_Violation = {
  subject: '',
  description: '',
  apiService: '',
  quotaMetric: '',
  quotaId: '',
  quotaDimensions: new Map(),
  quotaValue: 0n,
  futureQuotaValue: undefined,
};

/**
 * Returns an operating error as `google.rpc.Status`: one ErrorInfo, and RetryInfo, BadRequest or QuotaFailure where they
 * fit. This is what an item of a batch carries, and what goes into `grpc-status-details-bin`.
 */
export function statusOf(error: OperatingError): Status {
  return { code: reasonCodes[error.reason], message: error.message, details: detailsOf(error) };
}

/** An operating error as grpc-js sends it. */
type SentError = Partial<StatusObject> & Pick<ServiceError, 'code' | 'details'>;

const kept = new WeakMap<OperatingError, SentError>();

/** Encodes an error that will be sent many times now, and once. Returns the error. */
export function keepServiceError(error: OperatingError): OperatingError {
  kept.set(error, encoded(error));
  return error;
}

/** Returns an operating error as grpc-js sends it. */
export function serviceErrorOf(error: OperatingError): SentError {
  return kept.get(error) ?? encoded(error);
}

/**
 * Returns an error with a code and text of any kind as grpc-js sends it: with an ErrorInfo if it has a reason, with
 * RetryInfo if it says when to try again.
 */
export function serviceErrorWith(
  code: number,
  message: string,
  { reason, retryAfterMs }: { readonly reason: string; readonly retryAfterMs: number | undefined },
): SentError {
  const details = [
    ...(reason === '' ? [] : [errorInfo(reason)]),
    ...(retryAfterMs === undefined ? [] : [retryInfo(retryAfterMs)]),
  ];
  return sentAs({ code, message, details });
}

function encoded(error: OperatingError): SentError {
  return sentAs(statusOf(error));
}

function sentAs(rpcStatus: Status): SentError {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(Status.encode(rpcStatus).finish()));
  return { code: rpcStatus.code, details: rpcStatus.message, metadata };
}

function detailsOf(error: OperatingError): Any[] {
  const { metadata, field, retryAfterMs, quotaSubject } = error.detail;
  const details = [errorInfo(error.reason, metadata)];
  if (retryAfterMs !== undefined) details.push(retryInfo(retryAfterMs));
  if (field !== undefined) {
    const violation = { field, description: error.message, reason: '', localizedMessage: undefined };
    details.push(any('BadRequest', BadRequest.encode({ fieldViolations: [violation] })));
  }
  if (quotaSubject !== undefined) {
    const violation = { ...emptyViolation, subject: quotaSubject, description: error.message };
    details.push(any('QuotaFailure', QuotaFailure.encode({ violations: [violation] })));
  }
  return details;
}

function errorInfo(reason: string, metadata: ErrorDetail['metadata'] = {}): Any {
  const facts = new Map(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
  return any('ErrorInfo', ErrorInfo.encode({ reason, domain: DOMAIN, metadata: facts }));
}

function retryInfo(retryAfterMs: number): Any {
  return any('RetryInfo', RetryInfo.encode({ retryDelay: durationOf(retryAfterMs) }));
}

function any(type: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: TYPE_URL + type, value: Buffer.from(message.finish()) };
}
