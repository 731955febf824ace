import { OperatingError } from '../../base/operating-error.ts';

const RETRY_AFTER_MS = 1000;

/** Returns the operating error STATE_UNAVAILABLE for what the file system said: its code is told, its paths are not. */
export function stateUnavailable(text: string, cause: unknown): OperatingError {
  const { code } = cause as NodeJS.ErrnoException;
  return new OperatingError('STATE_UNAVAILABLE', `${text} (${code ?? 'unknown error'})`, {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}
