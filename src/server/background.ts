import type { LoadShedder } from '../api/load-shedder.ts';
import { Sweeper } from '../cache/sweeper.ts';
import { followNamespaces } from './follow-namespaces.ts';
import type { Heart } from './heart.ts';
import { repeat } from './repeat.ts';
import type { ServerParts } from './server-parts.ts';

const EXPIRY_INTERVAL_MS = 100;

/** What runs by itself while a server serves. */
export interface Background {
  /** Stops all but the replay of what was deferred, which the store still hears. */
  stop(): void;
}

/** Starts what runs by itself: sweep, expiry, replay of what was deferred, and hearing of others' namespaces. */
export function startBackground(parts: ServerParts, heart: Heart, shedder: LoadShedder): Background {
  const { config, clock, log } = parts;
  const { namespaces, locals, deferred } = heart;
  const onFailure = (error: unknown): void => log.write('bugCaught', { error });
  const sweeper = parts.swept && new Sweeper(parts.swept, clock, () => namespaces.all());
  sweeper?.start(onFailure);
  const following = config.fleet && followNamespaces({ ...parts, ...heart });
  const expireDue = (): void => {
    parts.expireDue();
    locals.expireDue();
  };
  const expiry = repeat(clock, EXPIRY_INTERVAL_MS, expireDue, onFailure);
  shedder.start();
  deferred?.start();
  return {
    stop: () => {
      shedder.close();
      sweeper?.close();
      expiry.stop();
      following?.stop();
    },
  };
}
