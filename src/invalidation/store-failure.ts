import { OperatingError } from '../base/operating-error.ts';

/**
 * Returns what a stream ends with that the store failed. A bug becomes INTERNAL, and surfaces as uncaught too, where the
 * process' owner sees it.
 */
export function storeFailure(cause: unknown): OperatingError {
  if (cause instanceof OperatingError) return cause;
  queueMicrotask(() => {
    throw cause;
  });
  return new OperatingError('INTERNAL', 'The stream could not go on because of a bug in the server.', { cause });
}
