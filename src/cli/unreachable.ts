import { status } from '@grpc/grpc-js';
import { CallError } from './call-error.ts';

/** Returns the error of a connection that failed with the server's address and a plain cause; any other as it is. */
export function unreachable(error: CallError, address: string): CallError {
  if (error.code !== status.UNAVAILABLE || error.reason !== undefined) return error;
  return new CallError(`${address} can't be reached: ${plainCause(error.message)}`, error, { cause: error });
}

/** Returns what grpc-js says of a connection that it did not get, without what only its authors understand. */
export function plainCause(message: string): string {
  const told = /Last error: ([\s\S]+?)\.?\s*Resolution note/.exec(message)?.[1] ?? message;
  const openSsl = /SSL routines:[^:]*:([^:]+):/.exec(told)?.[1];
  if (openSsl !== undefined) return `TLS failed, ${openSsl}`;
  return told
    .replace(/^Error: /, '')
    .replace(/ \(\d{4}-[^)]*\)$/, '')
    .replace(/; if the root CA .*$/, '')
    .split('\n', 1)[0]!;
}
