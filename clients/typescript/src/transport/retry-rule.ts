import { OutcomeUnknownError, OverloadedError, type RepriseError, UnavailableError } from '../errors.ts';

/** True where the same call may be made again. Changes carry a request id, so that they are applied once all the same. */
export function mayRetry(error: RepriseError): boolean {
  if (error instanceof UnavailableError || error instanceof OutcomeUnknownError) return true;
  if (error instanceof OverloadedError) return true;
  return error.reason === 'REQUEST_IDS_FULL' || endedWithoutStatus(error);
}

/** True where the server's answer broke off before its status: grpc-js has no code of its own for it. */
export function endedWithoutStatus({ code, reason, message }: RepriseError): boolean {
  return code === 'INTERNAL' && reason === '' && message.includes('without gRPC status');
}

/** True where a try that ended with this error may have changed something at the server. */
export function mayHaveChanged(error: RepriseError, reachedServer: boolean): boolean {
  if (error instanceof OutcomeUnknownError) return true;
  if (error.reason !== '' || !reachedServer) return false;
  return error instanceof UnavailableError || endedWithoutStatus(error);
}
