import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import { ClusterLink } from './cluster-link.ts';
import type { LinkOptions, RedisLink } from './link-options.ts';
import { SentinelLink } from './sentinel-link.ts';
import { StandaloneLink } from './standalone-link.ts';

/** Begins to connect to whatever the URL names. The link is usable at once: its calls fail while nobody is connected. */
export function startLink(options: LinkOptions): RedisLink {
  const { url } = options;
  switch (url.shape) {
    case 'standalone':
      return new StandaloneLink(url.address, options);
    case 'sentinel':
      return new SentinelLink(url, options);
    case 'cluster':
      return new ClusterLink(url.nodes, options);
  }
}

/**
 * Connects to whatever the URL names, and returns the link once it is usable. Operating error: STORE_UNAVAILABLE with
 * the reason if it does not become so within `withinMs`; everything is closed then.
 */
export async function openLink(options: LinkOptions, withinMs = 5000): Promise<RedisLink> {
  const link = startLink(options);
  if (await becomesReady(link, options.clock, withinMs)) return link;
  const { why } = link;
  await link.close();
  throw new OperatingError('STORE_UNAVAILABLE', `the store can't be used: ${why}`, { retryAfterMs: 1000 });
}

const LOOK_MS = 10;

async function becomesReady(link: RedisLink, clock: Clock, withinMs: number): Promise<boolean> {
  const endMs = clock.monotonicMs() + withinMs;
  while (!link.ready && clock.monotonicMs() < endMs) {
    await new Promise<void>((resolve) => {
      clock.startTimer(LOOK_MS, resolve);
    });
  }
  return link.ready;
}
