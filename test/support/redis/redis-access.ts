import type { Certificates } from '../certificates.ts';

/** The user that the service logs in as, on servers with an ACL. */
export const SERVICE_USER = 'reprise';

/** The password of the service's user. */
export const SERVICE_PASSWORD = 'service-password';

/** The password of the default user, who may do all, on servers with an ACL. */
export const SUPERUSER_PASSWORD = 'superuser-password';

/** How a server protects itself. */
export interface RedisAccess {
  /** Speaks TLS, and nothing else. Default: plain. */
  readonly tls?: Certificates | undefined;
  /** Knows the service's user, for keys and channels that begin so; the default user has a password. Default: open. */
  readonly aclPrefix?: string | undefined;
}

// Later rules take back what earlier ones gave: `-@dangerous` takes INFO, which is given again, and ROLE, which is not.
const RIGHTS = [
  '-@all +@read +@write +@connection +@pubsub +eval +evalsha +script|load +wait +role +time',
  '+cluster|slots +cluster|shards -@dangerous +info',
].join(' ');

const SENTINEL_RIGHTS = '-@all +@connection +@pubsub +sentinel +info -sentinel|set -sentinel|failover -sentinel|remove';

/** Returns the lines of redis.conf that make a server protect itself so. */
export function accessConfig({ tls, aclPrefix }: RedisAccess, { port, sentinel }: ListeningAs): string[] {
  return [
    ...(tls === undefined ? [`port ${port}`] : tlsConfig(tls, port, sentinel)),
    ...(aclPrefix === undefined ? ['protected-mode no'] : aclConfig(aclPrefix, sentinel)),
  ];
}

/** What listens, and where. */
export interface ListeningAs {
  readonly port: number;
  readonly sentinel: boolean;
}

function tlsConfig({ authority, server }: Certificates, port: number, sentinel: boolean): string[] {
  return [
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file ${server.certFile}`,
    `tls-key-file ${server.keyFile}`,
    `tls-ca-cert-file ${authority.certFile}`,
    'tls-auth-clients no',
    'tls-replication yes',
    ...(sentinel ? [] : ['tls-cluster yes']),
  ];
}

function aclConfig(prefix: string, sentinel: boolean): string[] {
  const login = `user ${SERVICE_USER} on >${SERVICE_PASSWORD} resetkeys resetchannels`;
  const superuser = `user default on >${SUPERUSER_PASSWORD} ~* &* +@all`;
  if (sentinel) return [superuser, `${login} &* ${SENTINEL_RIGHTS}`, `sentinel sentinel-pass ${SUPERUSER_PASSWORD}`];
  const pattern = globEscaped(prefix);
  return [superuser, `${login} ~${pattern}* &${pattern}* ${RIGHTS}`, `masterauth ${SUPERUSER_PASSWORD}`];
}

function globEscaped(prefix: string): string {
  return prefix.replaceAll(/[\\*?[\]]/g, (special) => `\\${special}`);
}
