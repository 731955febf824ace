import type { Address } from './address.ts';
import { Connection, type ConnectionParts } from './connection/connection.ts';
import { LINK_CLOSED } from './connection-failure.ts';
import { LINK_DEFAULTS, type LinkOptions } from './link-options.ts';
import { accessOf } from './link-parts.ts';
import type { RedisFailure } from './redis-failure.ts';
import type { Login } from './redis-url-parts.ts';

/** A server that was reached, or why it was not. */
export type Visit =
  | { readonly kind: 'there'; readonly connection: Connection }
  | { readonly kind: 'failed'; readonly failure: RedisFailure };

/** Connects to a server once, whatever it is. The caller closes the connection. */
export function visitServer(address: Address, options: LinkOptions, login: Login | undefined): Promise<Visit> {
  const parts: ConnectionParts = {
    clock: options.clock,
    access: accessOf(options, login),
    name: 'check',
    database: options.url.shape === 'standalone' ? options.url.database : 0,
    commandTimeoutMs: options.commandTimeoutMs ?? LINK_DEFAULTS.commandTimeoutMs,
  };
  return new Promise((resolve) => {
    void new Connection(address, parts, {
      refuse: () => undefined,
      onReady: (connection) => resolve({ kind: 'there', connection }),
      onEnd: (_, failure) => resolve({ kind: 'failed', failure }),
    });
  });
}

/** Ends a visit. */
export function leave(visit: Visit): void {
  if (visit.kind === 'there') visit.connection.close(LINK_CLOSED);
}
