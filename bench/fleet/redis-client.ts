import { once } from 'node:events';
import { Redis } from 'ioredis';

/** Connects to a Redis of 127.0.0.1 as an application would that has no Reprise. */
export async function openRedisClient(port: number, autoPipelining: boolean): Promise<Redis> {
  const client = new Redis({ host: '127.0.0.1', port, enableAutoPipelining: autoPipelining });
  await once(client, 'ready');
  return client;
}

/** Returns how many scripts a Redis has run so far. */
export async function scriptsRun(client: Redis): Promise<number> {
  return parseScriptsRun(await client.info('commandstats'));
}

/** Reads the number of scripts from INFO commandstats; 0 if none has run. */
export function parseScriptsRun(info: string): number {
  const counts = [...info.matchAll(/^cmdstat_(?:evalsha|eval):calls=(\d+),/gm)].map((match) => Number(match[1]));
  return counts.reduce((sum, count) => sum + count, 0);
}
