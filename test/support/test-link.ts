import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.ts';
import { OperatingError } from '../../src/base/operating-error.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { LuaScript, ScriptCall } from '../../src/store/redis/link.ts';
import type { LinkOptions, RedisLink } from '../../src/store/redis/link-options.ts';
import { openLink } from '../../src/store/redis/open-link.ts';
import { parseRedisUrl } from '../../src/store/redis/redis-url.ts';
import type { RedisRig } from './redis/rig.ts';

/** Milliseconds in which a link must be ready: machines that run tests stand still at times. */
const START_MS_MAX = 30_000;

/** What a test of connections needs of a rig. */
export type LinkPlace = Pick<RedisRig, 'url' | 'caFile'>;

/** Options of a link to the servers of a rig. */
export function linkOptions({ url, caFile }: LinkPlace, more: Partial<LinkOptions> = {}): LinkOptions {
  const tls = caFile === undefined ? {} : { tls: { ca: readFileSync(caFile) } };
  return { url: parseRedisUrl(url), clock: systemClock, random: systemRandom, ...tls, ...more };
}

/** Opens a link to the servers of a rig; the caller closes it. */
export function openTestLink(place: LinkPlace, more: Partial<LinkOptions> = {}): Promise<RedisLink> {
  return openLink(linkOptions(place, more), START_MS_MAX);
}

/** A script made for a test. */
export function luaScript(text: string, repeatable = false): LuaScript {
  return { name: 'test', text, sha1: createHash('sha1').update(text).digest('hex'), repeatable };
}

const COUNT_UP = luaScript("return redis.call('INCR', KEYS[1])");
const READ_COUNT = luaScript("return tonumber(redis.call('GET', KEYS[1]) or '0')", true);
const RING = luaScript("return redis.call('SPUBLISH', KEYS[1], ARGV[1])");

/** Adds 1 to a counter and returns it. */
export const countUp = (key: string): ScriptCall => ({ script: COUNT_UP, keys: [key], args: [] });

/** Returns a counter. */
export const readCount = (key: string): ScriptCall => ({ script: READ_COUNT, keys: [key], args: [] });

/** Tells a channel something. */
export const ring = (channel: string, text: string): ScriptCall => ({ script: RING, keys: [channel], args: [text] });

/** Returns the reason with which a call failed, or `answered`. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof OperatingError) return error.reason;
    throw error;
  }
}
