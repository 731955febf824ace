import type { FleetConfig } from '../../config/config.ts';
import { ConfigError } from '../../config/config-error.ts';
import type { LinkOptions } from '../../store/redis/link-options.ts';
import { parseRedisUrl, type RedisUrl } from '../../store/redis/redis-url.ts';
import { RedisUrlError } from '../../store/redis/redis-url-error.ts';
import { readNamedFile, readPassword } from './read-secrets.ts';

/** Where Redis is, and how the node proves to it who it is. */
export type RedisAccess = Pick<LinkOptions, 'url' | 'tls' | 'sentinelLogin'>;

/**
 * Returns how to reach the Redis of a configuration; reads the files that it names. Throws a ConfigError that says what
 * to change and repeats no password.
 */
export function redisAccess(config: FleetConfig): RedisAccess {
  const url = parsedUrl(config);
  return { url, tls: tlsFacts(config, url), sentinelLogin: sentinelLogin(config, url) };
}

function parsedUrl({ redisUrl, redisPasswordFile }: FleetConfig): RedisUrl {
  const password =
    redisPasswordFile === undefined ? undefined : readPassword(redisPasswordFile, '--redis-password-file');
  try {
    return parseRedisUrl(password === undefined ? redisUrl : withPassword(redisUrl, password));
  } catch (error) {
    if (!(error instanceof RedisUrlError)) throw error;
    throw new ConfigError(`--redis: ${error.message}`);
  }
}

const BEFORE_HOSTS = /^([a-z+]+:\/\/)(?:([^/]*)@)?/;

// Before it is parsed: a URL with a name and no password says nothing by itself.
function withPassword(url: string, password: string): string {
  const [, , name = ''] = BEFORE_HOSTS.exec(url) ?? [];
  if (name.includes(':')) {
    throw new ConfigError(
      'the URL of --redis has a password, and --redis-password-file names another: give one of them',
    );
  }
  return url.replace(BEFORE_HOSTS, (_all, scheme: string) => `${scheme}${name}:${encodeURIComponent(password)}@`);
}

function tlsFacts({ redisTls }: FleetConfig, { tls }: RedisUrl): RedisAccess['tls'] {
  const { caFile, certFile, keyFile, serverName } = redisTls;
  if (Object.values(redisTls).every((given) => given === undefined)) return undefined;
  if (!tls) {
    throw new ConfigError(
      'certificates for Redis are given and its URL says plain: begin it with rediss (rediss://, rediss+sentinel://, rediss+cluster://)',
    );
  }
  return {
    ...(caFile !== undefined && { ca: readNamedFile(caFile, '--redis-ca') }),
    ...(certFile !== undefined && { cert: readNamedFile(certFile, '--redis-cert') }),
    ...(keyFile !== undefined && { key: readNamedFile(keyFile, '--redis-key') }),
    ...(serverName !== undefined && { serverName }),
  };
}

function sentinelLogin({ sentinelLogin: login }: FleetConfig, { shape }: RedisUrl): RedisAccess['sentinelLogin'] {
  if (login === undefined) return undefined;
  if (shape !== 'sentinel') {
    throw new ConfigError(
      'a login for Sentinels is given and the URL names none: write redis+sentinel://HOST:PORT,…/NAME',
    );
  }
  return { name: login.name, password: readPassword(login.passwordFile, '--redis-sentinel-password-file') };
}
