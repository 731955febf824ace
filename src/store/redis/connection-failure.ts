import type { RedisFailure } from './redis-failure.ts';
import { replyFailure } from './reply-failure.ts';

type Explained = Omit<RedisFailure, 'code'>;

const UNTRUSTED: Explained = {
  what: "the certificate of the store's server is not from a known authority",
  whatToDo: 'Give the authority that signed it as the CA file of the store.',
};

const NOT_REACHED: Explained = {
  what: "the store's server can't be reached",
  whatToDo: 'Check the address, that the server runs, and the network and firewalls between.',
};

const NO_TLS_THERE: Explained = {
  what: 'TLS could not be agreed on with the store',
  whatToDo:
    'Check that the server speaks TLS on this port if the URL begins with rediss, plain if with redis, and whether it asks for a client certificate.',
};

const BY_CODE: Readonly<Record<string, Explained>> = {
  ECONNREFUSED: {
    what: "nothing listens at the store's address",
    whatToDo: 'Check host and port, and that the server runs.',
  },
  ENOTFOUND: { what: "the store's host has no address", whatToDo: 'Check the host name and the DNS of this machine.' },
  EAI_AGAIN: { what: 'the DNS did not answer', whatToDo: 'Check the DNS of this machine.' },
  ETIMEDOUT: NOT_REACHED,
  EHOSTUNREACH: NOT_REACHED,
  ENETUNREACH: NOT_REACHED,
  EPROTO: NO_TLS_THERE,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "the certificate of the store's server names another host",
    whatToDo: 'Use a name that stands in the certificate, or give that name as the server name.',
  },
  CERT_HAS_EXPIRED: {
    what: "the certificate of the store's server has expired",
    whatToDo: 'Renew it, and check the clock of this machine.',
  },
  CERT_NOT_YET_VALID: {
    what: "the certificate of the store's server is not valid yet",
    whatToDo: 'Check the clocks of this machine and of the one that made it.',
  },
};

/** What a connection says that ended, or never began, without an error of its own. */
export const CONNECTION_LOST: RedisFailure = {
  code: 'lost',
  what: 'the connection to the store was lost',
  whatToDo: 'Nothing, if servers were just restarted or replaced: a new connection is being tried.',
};

/** What a connection says that the server ended before it could be used. */
export const ENDED_AT_ONCE: RedisFailure = {
  code: 'ended-at-once',
  what: 'the server ended the connection as soon as it began',
  whatToDo: 'Begin the URL with rediss if the server speaks TLS there; else check maxclients and its protected mode.',
};

/** What a connection with TLS says whose server never agrees. */
export const TLS_SILENT: RedisFailure = { code: 'tls-silent', ...NO_TLS_THERE };

/** What a connection says whose server is silent. */
export const SERVER_SILENT: RedisFailure = {
  code: 'silent',
  what: 'the store did not answer in time',
  whatToDo: 'Check the load of the server, slow scripts (SLOWLOG) and the network.',
};

/** What a connection says on which too many calls wait. */
export const TOO_MANY_WAIT: RedisFailure = {
  code: 'too-many-wait',
  what: 'too many calls wait for the store',
  whatToDo: 'Check the load of the server and slow scripts (SLOWLOG); spread the load over more primaries.',
};

/** Before the first connection. */
export const NOT_CONNECTED: RedisFailure = {
  code: 'connecting',
  what: 'there is no connection to the store yet',
  whatToDo: 'Nothing, if this process has just started: connections are being tried.',
};

/** After `close`. */
export const LINK_CLOSED: RedisFailure = {
  code: 'closed',
  what: 'the connections to the store were closed',
  whatToDo: 'Nothing: this process is ending.',
};

/** Explains why a connection could not be made. */
export function openingFailure(error: unknown, tls: boolean): RedisFailure {
  const failure = connectionFailure(error);
  if (tls && failure.code === 'ETIMEDOUT') return TLS_SILENT;
  return failure.code === 'lost' || failure.code === 'ECONNRESET' ? ENDED_AT_ONCE : failure;
}

/** Explains the error with which a connection ended. */
export function connectionFailure(error: unknown): RedisFailure {
  if (!(error instanceof Error)) return CONNECTION_LOST;
  if (error.name === 'ReplyError') return replyFailure(error.message);
  const code = codeOf(error);
  const explained =
    BY_CODE[code] ?? (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? NO_TLS_THERE : undefined);
  return explained === undefined ? { ...CONNECTION_LOST, code: code === '' ? 'lost' : code } : { code, ...explained };
}

// Several addresses of one host fail as one error with many inside.
function codeOf(error: Error): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return String((inner as NodeJS.ErrnoException).code ?? '');
}
