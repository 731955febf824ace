import { once } from 'node:events';
import { Redis } from 'ioredis';

/** Connects to a Redis of 127.0.0.1 as an application would that has no Reprise. */
export async function openRedisClient(port: number, autoPipelining: boolean): Promise<Redis> {
  const client = new Redis({ host: '127.0.0.1', port, enableAutoPipelining: autoPipelining });
  await once(client, 'ready');
  return client;
}

/** Returns how many scripts and MGETs a Redis has served so far. */
export async function requestsServed(client: Redis): Promise<number> {
  return parseRequestsServed(await client.info('commandstats'));
}

/** Reads the number of scripts and MGETs from INFO commandstats; 0 if it served none. */
export function parseRequestsServed(info: string): number {
  const counts = [...info.matchAll(/^cmdstat_(?:evalsha|eval|mget):calls=(\d+),/gm)].map((match) => Number(match[1]));
  return counts.reduce((sum, count) => sum + count, 0);
}
