import type { Address } from './address.ts';
import { RedisUrlError } from './redis-url-error.ts';

/** How a connection says who it is. */
export interface Login {
  /** `undefined`: the default account, which has a password only. */
  readonly name: string | undefined;
  readonly password: string;
}

/** A URL taken apart, before anybody asks whether its parts go together. */
export interface UrlParts {
  readonly shape: 'standalone' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  readonly login: Login | undefined;
  /** At least one. */
  readonly addresses: readonly Address[];
  /** What follows the first slash after the hosts, decoded; empty if there is nothing. */
  readonly path: string;
}

// The login ends at the last @, so that one inside a password that was not encoded does no harm.
const URL_PATTERN =
  /^redis(?<tls>s)?(?:\+(?<shape>sentinel|cluster))?:\/\/(?:(?<login>.*)@)?(?<hosts>[^/?#@]*)(?<rest>.*)$/s;
const HOST_PATTERN = /^(?:\[(?<ipv6>[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>.*))?$/;

/** Takes a URL apart. Deliberate: not by `URL`, which knows only one host. Throws RedisUrlError. */
export function splitRedisUrl(text: string): UrlParts {
  const found = URL_PATTERN.exec(text.trim())?.groups;
  if (found === undefined) {
    const schemes = 'redis://, redis+sentinel:// or redis+cluster://, with rediss for TLS';
    throw new RedisUrlError('scheme', `begin it with ${schemes}`);
  }
  const shape = (found['shape'] ?? 'standalone') as UrlParts['shape'];
  return {
    shape,
    tls: found['tls'] !== undefined,
    login: loginOf(found['login']),
    addresses: found['hosts']!.split(',').map((host) => addressOf(host, shape === 'sentinel' ? 26_379 : 6379)),
    path: pathOf(found['rest']!),
  };
}

function loginOf(text: string | undefined): Login | undefined {
  if (text === undefined) return undefined;
  if (text.includes('/')) {
    throw new RedisUrlError('encoding', 'percent-encode the password: a slash in it is %2F, an @ is %40');
  }
  const colon = text.indexOf(':');
  const name = decoded(colon < 0 ? text : text.slice(0, colon));
  const password = colon < 0 ? '' : decoded(text.slice(colon + 1));
  if (password === '') throw new RedisUrlError('login', 'write NAME:PASSWORD@ or :PASSWORD@ before the host');
  return { name: name === '' ? undefined : name, password };
}

function addressOf(text: string, defaultPort: number): Address {
  const { ipv6, name, port } = HOST_PATTERN.exec(text)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined) {
    const how =
      'every host is a name, an IPv4 address or an IPv6 address in brackets, with commas and no spaces between';
    throw new RedisUrlError('host', how);
  }
  return { host, port: port === undefined ? defaultPort : portOf(port) };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RedisUrlError('port', 'a port is a number from 1 to 65535, after a colon; an @ in a password is %40');
}

function pathOf(rest: string): string {
  if (/[?#]/.test(rest)) {
    throw new RedisUrlError(
      'settings',
      'it takes no ?settings or #fragment: give certificates and the like as options',
    );
  }
  return decoded(rest.slice(1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError('encoding', 'percent-encode names and passwords: a lone % in one of them is %25');
  }
}
