import type { SecureContextOptions } from 'node:tls';
import type { RedisOptions as AllRedisOptions } from 'ioredis';
import type { Address } from './address.ts';
import type { Login } from './redis-url-parts.ts';

// Without the option whose presence alone changes the types of all answers.
type RedisOptions = Omit<AllRedisOptions, 'replyMapping'>;

/** How a server proves who it is, and we prove who we are. */
export interface TlsFacts {
  /** Authorities to trust beside none; absent: those that Node trusts. PEM. */
  readonly ca?: Buffer;
  /** Our certificate and its key, where the server asks for one. PEM. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** The name that the server's certificate must bear, if it is not the host of the address. */
  readonly serverName?: string;
}

/** What every connection of a link has in common. */
export interface Access {
  readonly login: Login | undefined;
  /** `undefined`: plain. */
  readonly tls: TlsFacts | undefined;
}

/** Milliseconds in which a TCP connection, its TLS included, must be there. */
export const CONNECT_MS_MAX = 500;

/** Milliseconds in which a new connection must be usable: connected, logged in and greeted. A frozen server accepts. */
export const OPENING_MS_MAX = 1000;

const DISCONNECT_MS_MAX = 200;
const KEEP_ALIVE_MS = 5000;

/**
 * Returns the options of one connection. ioredis only speaks the protocol here: everything that decides is ours, since
 * its defaults lost acknowledged writes, applied writes twice, and left clients dead that never connected again.
 */
export function connectionOptions(address: Address, access: Access, name: string): RedisOptions {
  return {
    host: address.host,
    port: address.port,
    ...loginOptions(access.login),
    ...(access.tls === undefined ? {} : { tls: tlsOptions(address, access.tls) }),
    connectionName: `reprise-${name}`,
    disableClientInfo: true,
    connectTimeout: CONNECT_MS_MAX,
    // A half-open connection does not end by being ended.
    disconnectTimeout: DISCONNECT_MS_MAX,
    keepAlive: KEEP_ALIVE_MS,
    // A command whose answer was lost must not be sent again: measured, 200 of 200 such writes were applied twice.
    autoResendUnfulfilledCommands: false,
    // A connection that ended is never revived; whoever owns it makes another. A client whose reconnection fails at the
    // wrong moment stays at `end` for ever, as 14 of 20 did.
    ['retryStrategy']: () => undefined,
    maxRetriesPerRequest: 0,
    // A call while there is no connection fails at once instead of waiting for one.
    enableOfflineQueue: false,
    // Ours also asks who the server is, and refuses a replica.
    enableReadyCheck: false,
    autoResubscribe: false,
    // Every pipeline waits for the one before it, and a call alone takes 40 % more CPU. WriteBatch saves the same system
    // calls without.
    enableAutoPipelining: false,
    // Neither `commandTimeout` nor `socketTimeout`: their timers fire before answers that arrived during a stall of this
    // process are read. PendingCalls and Watchdog look once more.
  };
}

function loginOptions(login: Login | undefined): RedisOptions {
  if (login === undefined) return {};
  return { password: login.password, ...(login.name === undefined ? {} : { username: login.name }) };
}

function tlsOptions(
  { host }: Address,
  { serverName, ...pem }: TlsFacts,
): SecureContextOptions & { servername?: string } {
  // SNI takes names only; a certificate is checked against the host of the address where no name is given.
  const name = serverName ?? (/^[\d.]+$|:/.test(host) ? undefined : host);
  return { ...pem, minVersion: 'TLSv1.2', ...(name === undefined ? {} : { servername: name }) };
}
