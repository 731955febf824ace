import { systemClock } from './base/clock.ts';
import { millisecondsOf } from './base/durations.ts';
import { limits } from './base/limits.ts';
import { systemRandom } from './base/random.ts';
import { Client } from './client.ts';
import type { Codec } from './codecs/codec.ts';
import { codecSet } from './codecs/codec-set.ts';
import { jsonCodec } from './codecs/json.ts';
import { OwnTokens } from './freshness/own-tokens.ts';
import { InvalidationServiceService } from './gen/reprise/v1/invalidation_service.ts';
import { NearCache, type NearCacheOptions, type NearCacheParts } from './near/near-cache.ts';
import { openStream } from './stream/open-stream.ts';
import { loadTelemetry } from './telemetry/open-telemetry.ts';
import { Caller } from './transport/caller.ts';
import { openChannel } from './transport/channel.ts';
import { channelSecurity, type SecurityOptions } from './transport/security.ts';
import { formatTarget, parseTarget } from './transport/target.ts';

/** How a client is opened. */
export interface ConnectOptions extends SecurityOptions {
  /** Default: `default`. */
  readonly namespace?: string;
  /** Milliseconds that a call may take, retries included. Default 2000. */
  readonly timeoutMs?: number;
  /** The server's `--max-lag`, in milliseconds. Default 1000, as the server's. */
  readonly maxLagMs?: number;
  /** What values are written with. Default: `jsonCodec`. */
  readonly codec?: Codec;
  /** What values are read with beside it, `jsonCodec`, `rawCodec` and `msgpackCodec`. */
  readonly codecs?: readonly Codec[];
  /** Return bytes of a content type that no codec knows as they are, in place of a CodecError. */
  readonly unknownAsBytes?: boolean;
  /** Make one call of the gets of one tick of the event loop. Default true. */
  readonly batching?: boolean;
  /** Keep what is read in this process. Default: no. */
  readonly nearCache?: NearCacheOptions | boolean;
  /** Make no calls at all: reads miss, changes do nothing, values are always computed. */
  readonly passThrough?: boolean;
}

/** Own tokens are kept for so many times `maxLagMs`. */
const KEEP_LAGS = 2;
/** Bytes of an origin. */
const ORIGIN_BYTES = 8;

/**
 * Opens a client of one server, or of several that are one fleet: it tries them in random order, stays with one, and goes on
 * to another when that one breaks. `target` is `HOST:PORT`, IPv6 in brackets.
 *
 * It connects with the first call. Throws a TypeError or RangeError for options that can't be, and what reading the files
 * of `tls` throws.
 */
export async function connect(target: string | readonly string[], options: ConnectOptions = {}): Promise<Client> {
  const targets = (typeof target === 'string' ? [target] : target).map(parseTarget);
  if (targets.length === 0) throw new TypeError('There must be a target.');
  const timeoutMs = positive('timeoutMs', options.timeoutMs ?? limits.timeoutMs);
  const maxLagMs = positive('maxLagMs', options.maxLagMs ?? limits.maxLagMs);
  const security = await channelSecurity(targets, options);
  const telemetry = await loadTelemetry();
  const channel = openChannel(targets.map(formatTarget), security);
  const origin = systemRandom.hex(ORIGIN_BYTES);
  const [clock, random] = [systemClock, systemRandom];
  const caller = new Caller({ channel, origin, credential: options.credential, timeoutMs, clock, random, telemetry });
  const { namespace = '', batching = true, passThrough = false } = options;
  const nearOptions = passThrough ? undefined : nearOptionsOf(options);
  const near = nearOptions && openNearCache(nearOptions, { caller, namespace, maxLagMs });
  const stopWatching = near && telemetry.watchNearCache(() => near.stats());
  const parts = {
    caller,
    namespace,
    codecs: codecSet(options.codec ?? jsonCodec, options.codecs ?? [], options.unknownAsBytes ?? false),
    own: new OwnTokens(KEEP_LAGS * maxLagMs, clock),
    near,
    shareDecoded: nearOptions?.shareDecoded ?? false,
    clock,
    random,
  };
  return new Client({ parts, origin, batching, passThrough, closed: () => stopWatching?.() });
}

function nearOptionsOf({ nearCache }: ConnectOptions): NearCacheOptions | undefined {
  if (nearCache === undefined || nearCache === false) return undefined;
  return nearCache === true ? {} : nearCache;
}

interface Opening {
  readonly caller: Caller;
  readonly namespace: string;
  readonly maxLagMs: number;
}

function openNearCache(options: NearCacheOptions, { caller, namespace, maxLagMs }: Opening): NearCache {
  const { prefixes = [] } = options;
  positive('nearCache.maxLagMs', options.maxLagMs ?? maxLagMs);
  const near = new NearCache(options, {
    open: openStream(caller, namespace, { prefixes, includeOwn: true, epochs: true }),
    getHead: headReader(caller, namespace, options.maxLagMs ?? maxLagMs),
    clock: systemClock,
    random: systemRandom,
    readyWithinMs: caller.timeoutMs,
    maxLagMs,
  });
  near.start();
  return near;
}

/** An answer that comes later than `maxLagMs` proves nothing any more, and neither does that of a second try. */
function headReader(caller: Caller, namespace: string, maxLagMs: number): NearCacheParts['getHead'] {
  return async (streamToken, earlierHead) => {
    const request = { namespace, streamToken, earlierHead };
    const manner = { timeoutMs: maxLagMs, triesMax: 1, isOwn: true };
    const { head, age, covered } = await caller.call(InvalidationServiceService.getHead, request, manner);
    return { head, ageMs: millisecondsOf(age), covered };
  };
}

function positive(name: string, value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) throw new RangeError(`\`${name}\` must be above 0.`);
  return value;
}
