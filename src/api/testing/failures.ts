import { type ServiceError, status } from '@grpc/grpc-js';
import type { ReasonName } from '../../base/operating-error.ts';
import type { Failure } from '../../gen/reprise/testing/v1/test_service.ts';
import { reasonCodes } from '../reason-codes.ts';
import { durationField, invalid } from '../request-fields.ts';
import { serviceErrorWith } from '../rpc-status.ts';

/** Returns a failure if it can be sent. */
export function failureField(failure: Failure, field: string): Failure {
  const { code, reason } = failure;
  if (code !== 0 && status[code] === undefined) {
    throw invalid('FAULT_INVALID', `${field}.code`, 'code must be one of gRPC, 1 to 16.');
  }
  if (reason !== '' && !isReason(reason)) {
    throw invalid('FAULT_INVALID', `${field}.reason`, 'reason must be the name of an ErrorReason without its prefix.');
  }
  const retryAfterMs = durationField(failure.retryAfter) ?? 0;
  if (!(retryAfterMs >= 0)) throw invalid('FAULT_INVALID', `${field}.retry_after`, 'retry_after must not be negative.');
  return failure;
}

/** Returns a failure as grpc-js sends it. */
export function injectedError({ code, reason, message, retryAfter }: Failure): Partial<ServiceError> {
  const natural = isReason(reason) ? reasonCodes[reason] : status.UNAVAILABLE;
  return serviceErrorWith(code === 0 ? natural : code, message === '' ? 'Injected by a test.' : message, {
    reason,
    retryAfterMs: durationField(retryAfter),
  });
}

function isReason(reason: string): reason is ReasonName {
  return Object.hasOwn(reasonCodes, reason);
}
