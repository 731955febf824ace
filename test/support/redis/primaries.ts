import { until } from '../until.ts';
import type { RedisProcess } from './redis-process.ts';
import type { FailoverKind } from './rig.ts';

/** Takes the server away so; `planned` is done by `order`. */
export async function takeAway(server: RedisProcess, kind: FailoverKind, order: () => Promise<unknown>): Promise<void> {
  switch (kind) {
    case 'kill':
      return server.kill();
    case 'freeze':
      return server.pause();
    case 'planned':
      await order();
  }
}

// A Sentinel that a busy machine kept from running for two seconds does nothing for thirty: its "tilt" mode.
const FOUND_WITHIN_MS = 90_000;
/** Each look is a command to a server. */
const EVERY_MS = 20;

/** Waits until what is asked is there, and returns it. A question that fails is asked again. */
export async function untilFound<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  let found: T | undefined;
  let why = '';
  const asked = async (): Promise<boolean> => {
    try {
      found = await ask();
    } catch (failure) {
      why = `: ${failure}`;
    }
    return found !== undefined;
  };
  await until(asked, { withinMs: FOUND_WITHIN_MS, everyMs: EVERY_MS, what }).catch((late: Error) => {
    throw new Error(`${late.message}${why}`);
  });
  return found!;
}

/** Waits until a server says so; `section` is one of INFO. */
export async function untilInfo(server: RedisProcess, section: string, ...lines: readonly string[]): Promise<void> {
  await untilFound(() => saysInfo(server, section, ...lines), `${lines.join(', ')} on port ${server.port}`);
}

/** Tells whether a server says so now: `undefined` if not. */
export async function saysInfo(
  server: RedisProcess,
  section: string,
  ...lines: readonly string[]
): Promise<true | undefined> {
  const told = String(await server.command('INFO', section)).split('\r\n');
  return lines.every((line) => told.includes(line)) ? true : undefined;
}

/** Deletes all data on the primaries, and waits until their replicas have done so, too. */
export async function flushAll(primaries: readonly RedisProcess[], replicasEach: number): Promise<void> {
  for (const primary of primaries) {
    await primary.session(async (call) => {
      await call('FLUSHALL');
      const attached = await call('WAIT', replicasEach, 5_000);
      if (attached !== replicasEach) throw new Error(`${attached} of ${replicasEach} replicas were emptied`);
    });
  }
}
