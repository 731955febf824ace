import type { Access } from './connection-profile.ts';
import { LINK_DEFAULTS, type LinkOptions } from './link-options.ts';
import type { PrimaryParts } from './primary.ts';

/** What the connections to the servers of a link have in common. */
export function primaryParts(options: LinkOptions): PrimaryParts {
  const { url, clock, random, listener = () => {} } = options;
  return {
    clock,
    random,
    listener,
    access: accessOf(options, url.login),
    database: url.shape === 'standalone' ? url.database : 0,
    commandTimeoutMs: options.commandTimeoutMs ?? LINK_DEFAULTS.commandTimeoutMs,
  };
}

/** How connections prove who they are, with this login. */
export function accessOf({ url, tls }: LinkOptions, login: Access['login']): Access {
  return { login, tls: url.tls ? (tls ?? {}) : undefined };
}
