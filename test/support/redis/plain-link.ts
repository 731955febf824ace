import { Redis } from 'ioredis';
import type { Link } from '../../../src/store/redis/link.ts';

/** A link that asks nobody whether a server is the primary, so that scripts must find out. It hears no doorbell. */
export function openPlainLink(port: number): Link {
  const client = new Redis({ port, host: '127.0.0.1', protocol: 2 });
  return {
    async run(_lane, call) {
      const { script, keys } = call;
      const evaluated = script === undefined ? undefined : [script.text, keys.length, ...keys, ...call.args];
      const answer = evaluated ? client.callBuffer('EVAL', ...evaluated) : client.mgetBuffer(...keys);
      return { answer: await answer, server: String(port) };
    },
    inForce: () => true,
    namedAgeMs: () => 0,
    listen: async () => {},
    close: async () => client.disconnect(),
  };
}
