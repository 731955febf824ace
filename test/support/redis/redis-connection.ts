import { type RedisOptions as AllRedisOptions, Redis } from 'ioredis';
import { type RedisAccess, SUPERUSER_PASSWORD } from './redis-access.ts';

/** Options of a connection whose answers have the shapes that the types of ioredis take for granted. */
export type RedisOptions = Omit<AllRedisOptions, 'replyMapping'>;

/** Sends one command and returns its answer. */
export type RedisCall = (command: string, ...args: readonly (string | number)[]) => Promise<unknown>;

/** Opens one connection as the superuser, lends it, and closes it. Fails at once if the server is gone. */
export async function withSuperuser<T>(
  { port, access }: { readonly port: number; readonly access: RedisAccess },
  use: (call: RedisCall) => Promise<T>,
): Promise<T> {
  const client = new Redis({ ...ONCE, ...superuserOptions(access), port });
  client.on('error', () => {}); // The command that fails says it, too.
  try {
    await client.connect();
    return await use((command, ...args) => client.call(command, ...args));
  } finally {
    client.disconnect();
  }
}

const ONCE: RedisOptions = {
  host: '127.0.0.1',
  lazyConnect: true,
  enableReadyCheck: false,
  disableClientInfo: true,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  commandTimeout: 5_000,
  protocol: 2,
  retryStrategy: () => null,
};

function superuserOptions({ tls, aclPrefix }: RedisAccess): RedisOptions {
  return {
    ...(tls === undefined ? {} : { tls: { ca: tls.authority.cert } }),
    ...(aclPrefix === undefined ? {} : { password: SUPERUSER_PASSWORD }),
  };
}
