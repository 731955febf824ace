import { OperatingError } from '../base/operating-error.ts';

const FRAMES_MAX = 12;
const CAUSES_MAX = 4;

/** What the log tells of an error. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly frames?: readonly string[];
  readonly cause?: LoggedError;
}

/**
 * Reduces an error to what can't hold anything a caller sent: its type, codes, and where in the code it was thrown.
 * Deliberate: its text is kept only if it is ours or the operating system's. Other texts quote what they stumbled over
 * (`Unexpected token … in JSON`, assertions), which may be a value.
 */
export function loggedError(error: unknown, causesMax = CAUSES_MAX): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, syscall } = error as NodeJS.ErrnoException;
  const operating = error instanceof OperatingError;
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    ...(operating && { reason: error.reason }),
    ...((operating || syscall !== undefined) && { message: error.message }),
    ...(!operating && { frames: framesOf(error) }),
    ...(error.cause !== undefined && causesMax > 0 && { cause: loggedError(error.cause, causesMax - 1) }),
  };
}

// The text is cut off first: one of several lines could pass for frames.
function framesOf({ stack = '', message }: Error): string[] {
  const trace = message === '' ? stack : stack.slice(stack.indexOf(message) + message.length);
  const lines = trace.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^at .*:\d+:\d+\)?$/.test(line)).slice(0, FRAMES_MAX);
}
