import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { TlsFacts } from './connection-profile.ts';
import type { Link } from './link.ts';
import type { LinkListener } from './link-state.ts';
import type { RedisUrl } from './redis-url.ts';
import type { Login } from './redis-url-parts.ts';

/** How to open a link. */
export interface LinkOptions {
  readonly url: RedisUrl;
  readonly clock: Clock;
  readonly random: Random;
  /** Certificates; only with a URL that says TLS. */
  readonly tls?: TlsFacts | undefined;
  /** Of the Sentinels. Absent: the URL's, and none where a Sentinel refuses that. */
  readonly sentinelLogin?: Login | undefined;
  /** Milliseconds after which a call is given up. Default: 1000. */
  readonly commandTimeoutMs?: number | undefined;
  /**
   * Milliseconds between two questions to Sentinel or the cluster about who is primary. Default: 250. No permit is younger
   * than the answer: at most half of `maxLagMs`, as the heartbeat.
   */
  readonly watchIntervalMs?: number | undefined;
  /** Milliseconds for which their last answer counts while none can be asked. Default: 2000. */
  readonly opinionAgeMsMax?: number | undefined;
  readonly listener?: LinkListener | undefined;
}

/** A link that tells how far it has come. */
export interface RedisLink extends Link {
  /** Calls can be made: every primary that is known of is connected. */
  readonly ready: boolean;
  /** Why calls can't be made, in words that name no hosts. Meaningless while `ready`. */
  readonly why: string;
}

/** What applies where options say nothing, in milliseconds. */
export const LINK_DEFAULTS = { commandTimeoutMs: 1000, watchIntervalMs: 250, opinionAgeMsMax: 2000 } as const;

/** Milliseconds between two questions about who is primary while no primary is connected. */
export const URGENT_WATCH_MS = 250;
