import { status } from '@grpc/grpc-js';
import type { ReasonName } from '../base/operating-error.ts';
import type { CallFailure } from './call-error.ts';

/** What to do about an error, by its reason. Where the server's own sentence says it all, there is none. */
const byReason: Partial<Record<ReasonName, string>> = {
  MALFORMED_MESSAGE: 'Command and server are of different versions: use those of one release.',
  KEY_INVALID: 'A key is 1 to 1024 bytes of UTF-8 without control characters.',
  KEY_TOO_LONG: 'A key is 1 to 1024 bytes of UTF-8 without control characters.',
  PREFIX_NOT_A_SCOPE: 'End the prefix in `:` or `/`, such as artist:7:',
  TOKEN_UNUSABLE: 'The token is of another server, namespace or time: repeat without it.',
  NAMESPACE_NOT_FOUND:
    'Create it with `reprise namespaces create NAME`; `reprise namespaces list` shows those there are.',
  NAMESPACE_EXISTS: 'Change it with `reprise namespaces update NAME`, or choose another name.',
  MANAGED_BY_FILE: "Change it in the server's configuration file, and restart the server.",
  NAMESPACE_BUILT_IN: 'Empty it with `reprise invalidate --all` instead.',
  VERSION_MISMATCH: 'Somebody changed it meanwhile: read it again with `reprise namespaces get NAME`.',
  VALUE_TOO_LARGE: 'Raise the limit with `reprise namespaces update NAME --value-bytes-max SIZE`, at most 8MiB.',
  QUOTA_EXCEEDED: 'Give less --capacity, or make another namespace smaller: `reprise namespaces list`.',
  STATE_UNAVAILABLE:
    "The server can't keep it: its state or spool directory, or the Redis of its fleet. See its log, then try again.",
  STORE_UNAVAILABLE: "The server can't use the store that it shares with others: see its log. Then try again.",
  SPOOL_OFF: 'Start the node with --spool DIR, or leave --deferred out and repeat it when Redis is back.',
  SPOOL_FULL: 'Wait until Redis is back, or invalidate by tag, prefix or --all instead of many times by key.',
  OUTCOME_UNKNOWN: 'The change may have been applied or not: read it before you repeat it.',
  INTERNAL: 'This is a bug of the server: report it with the request id.',
};

const byCode: Partial<Record<status, string>> = {
  [status.UNAVAILABLE]:
    'Is it running? `reprise serve` starts one; --server HOST:PORT or REPRISE_SERVER names another. TLS needs --tls or --tls-ca.',
  [status.DEADLINE_EXCEEDED]: 'Give it more time with --timeout, at most 1m. A change may have been applied.',
  [status.UNIMPLEMENTED]: 'The server is of a version that does not know this call yet: upgrade it.',
  [status.UNAUTHENTICATED]: 'Present a client certificate: --tls-cert and --tls-key.',
  [status.PERMISSION_DENIED]: 'Ask whoever runs the server for the right to do this.',
};

/** Returns what to do about a failed call; undefined if there is nothing to add. */
export function adviceFor({ code, reason }: Pick<CallFailure, 'code' | 'reason'>): string | undefined {
  return reason === undefined ? byCode[code] : byReason[reason as ReasonName];
}
