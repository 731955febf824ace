import { type Address, addressText } from './address.ts';
import { RedisUrlError } from './redis-url-error.ts';
import { type Login, splitRedisUrl, type UrlParts } from './redis-url-parts.ts';

/** Where the servers are, and how they stand to each other. */
export type RedisUrl = { readonly tls: boolean; readonly login: Login | undefined } & (
  | { readonly shape: 'standalone'; readonly address: Address; readonly database: number }
  | { readonly shape: 'sentinel'; readonly sentinels: readonly Address[]; readonly primaryName: string }
  | { readonly shape: 'cluster'; readonly nodes: readonly Address[] }
);

const DATABASES_MAX = 16_384;

/**
 * Returns what a URL says: `redis://[name[:password]@]host[:port][/database]`, `redis+sentinel://…@h1:p1,h2:p2/name` or
 * `redis+cluster://…@h1:p1,h2:p2`, with `rediss` for TLS. Ports default to 6379, those of Sentinels to 26379. Names and
 * passwords are percent-encoded. Throws RedisUrlError.
 */
export function parseRedisUrl(text: string): RedisUrl {
  const parts = splitRedisUrl(text);
  const { tls, login } = parts;
  switch (parts.shape) {
    case 'standalone':
      return { shape: 'standalone', tls, login, address: onlyAddress(parts), database: databaseOf(parts.path) };
    case 'sentinel':
      return { shape: 'sentinel', tls, login, sentinels: parts.addresses, primaryName: primaryNameOf(parts.path) };
    case 'cluster':
      return { shape: 'cluster', tls, login, nodes: nodesOf(parts) };
  }
}

/** Returns the URL as it may be logged: without name and password. */
export function redactedUrl(url: RedisUrl): string {
  const login = url.login === undefined ? '' : '***@';
  const scheme = url.tls ? 'rediss' : 'redis';
  switch (url.shape) {
    case 'standalone':
      return `${scheme}://${login}${addressText(url.address)}${url.database === 0 ? '' : `/${url.database}`}`;
    case 'sentinel':
      return `${scheme}+sentinel://${login}${url.sentinels.map(addressText).join(',')}/${url.primaryName}`;
    case 'cluster':
      return `${scheme}+cluster://${login}${url.nodes.map(addressText).join(',')}`;
  }
}

function onlyAddress({ addresses }: UrlParts): Address {
  const [address, ...more] = addresses;
  if (address !== undefined && more.length === 0) return address;
  const whatToDo =
    'redis:// names one server; for several write redis+sentinel://h1,h2,h3/NAME or redis+cluster://h1,h2';
  throw new RedisUrlError('one-server-expected', whatToDo);
}

function databaseOf(path: string): number {
  if (path === '') return 0;
  const database = /^\d{1,5}$/.test(path) ? Number(path) : DATABASES_MAX;
  if (database < DATABASES_MAX) return database;
  throw new RedisUrlError('database', 'what follows the host is the number of a database, such as /0; or leave it out');
}

function primaryNameOf(path: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(path)) return path;
  const whatToDo =
    'end it with the name by which the Sentinels know the primary (`sentinel monitor NAME …`), as in /NAME';
  throw new RedisUrlError('primary-name', whatToDo);
}

function nodesOf({ addresses, path }: UrlParts): readonly Address[] {
  if (path === '' || path === '0') return addresses;
  throw new RedisUrlError('database', 'a cluster has one database only: end the URL after the last host');
}
