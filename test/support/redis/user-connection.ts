import { Redis } from 'ioredis';
import type { RedisCall } from './redis-connection.ts';

/** A connection of one user; `await using` closes it. */
export interface UserConnection extends AsyncDisposable {
  /** Sends one command. Rejects with the server's error. */
  readonly call: RedisCall;
}

/** Logs in to a server of 127.0.0.1. */
export async function connectAs(
  port: number,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<UserConnection> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    username: user,
    password,
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
  });
  client.on('error', () => {}); // The command that fails says it, too.
  await client.connect();
  return {
    call: (command, ...args) => client.call(command, ...args),
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
}
