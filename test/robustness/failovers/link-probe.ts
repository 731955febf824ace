import { systemClock } from '../../../src/base/clock.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Lane, ScriptCall } from '../../../src/store/redis/link.ts';
import type { RedisLink } from '../../../src/store/redis/link-options.ts';
import { countUp, readCount, ring } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

/** What of a link must be usable: its connections, the word on who is primary, and what the link says of itself. */
const PARTS = ['commands', 'heartbeat', 'doorbell', 'watch', 'ready'] as const;

/** Tries a link's connections to whichever server is the primary of one slot. */
export interface LinkProbe {
  /**
   * Waits until all of the link is usable with this server, named by its run id. Returns how many milliseconds after
   * `sinceMs` the last part was. Fails, naming the part, if one is not within `withinMs`.
   */
  untilUsable(server: string, sinceMs: number, withinMs: number): Promise<number>;
}

/** Opens a probe; `place` is a name in Redis that nothing else uses, in the slot that is meant. */
export async function openLinkProbe(link: RedisLink, place: string): Promise<LinkProbe> {
  const [count, channel] = [`${place}:count`, `${place}:bell`];
  const heard = new Set<string>();
  await link.listen(
    channel,
    (payload) => heard.add(String(payload)),
    () => undefined,
  );
  const answers = async (lane: Lane, call: ScriptCall, server: string): Promise<boolean> =>
    (await serverOf(link, lane, call)) === server;
  const rings = async (server: string): Promise<boolean> =>
    (await answers('commands', ring(channel, server), server)) && heard.has(server);
  const looks: Readonly<Record<(typeof PARTS)[number], (server: string) => boolean | Promise<boolean>>> = {
    commands: (server) => answers('commands', countUp(count), server),
    heartbeat: (server) => answers('heartbeat', readCount(count), server),
    doorbell: rings,
    watch: (server) => link.inForce(count, server),
    ready: () => link.ready,
  };
  return {
    untilUsable: async (server, sinceMs, withinMs) => {
      heard.delete(server);
      const waits = PARTS.map((part) => until(() => looks[part](server), { withinMs, what: `${part} of a link` }));
      await Promise.all(waits);
      return Math.max(0, systemClock.monotonicMs() - sinceMs);
    },
  };
}

async function serverOf(link: RedisLink, lane: Lane, call: ScriptCall): Promise<string | undefined> {
  try {
    return (await link.run(lane, call)).server;
  } catch (failure) {
    if (failure instanceof OperatingError) return undefined;
    throw failure;
  }
}
