import xxhash from 'xxhash-wasm';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import type { FleetConfig } from '../../config/config.ts';
import { Lru } from '../../policy/lru.ts';
import type { PartitionStore } from '../../store/partition-store.ts';
import type { LinkOptions } from '../../store/redis/link-options.ts';
import { openLink } from '../../store/redis/open-link.ts';
import { openRedisControlDocuments } from '../../store/redis/redis-control-documents.ts';
import { RedisPartitionStore } from '../../store/redis/redis-partition-store.ts';
import { type RedisUrl, redactedUrl } from '../../store/redis/redis-url.ts';
import type { Spool } from '../../store/spool.ts';
import { TieredStore } from '../../store/tiered/tiered-store.ts';
import type { Log } from '../../telemetry/log.ts';
import { seldom } from '../../telemetry/seldom.ts';
import { EXPIRE_WORK_MAX, type OpenedStore } from '../opened-store.ts';
import { auditOptions } from './audit-options.ts';
import { checkServers } from './check-servers.ts';
import { fleetChecks } from './fleet-checks.ts';
import { logConnections } from './log-connections.ts';
import { redisAccess } from './redis-access.ts';

/** Milliseconds between two lines about failures in the background. */
const FAILURE_LOG_INTERVAL_MS = 10_000;

const machine = { clock: systemClock, random: systemRandom } as const;

/**
 * Opens what a node of a fleet runs on: the Redis that all nodes share, and memory in front of it. Throws a ConfigError
 * on what can't be right.
 *
 * @throws OperatingError STORE_UNAVAILABLE if Redis can't be used; the message says why, and what to do
 */
export async function openFleet(config: FleetConfig, nodeName: string, log: Log): Promise<OpenedStore> {
  const access = redisAccess(config);
  const spool = await openSpoolOf(config);
  const listener = logConnections(log, systemClock);
  const options: LinkOptions = { ...access, ...machine, listener, watchIntervalMs: config.heartbeatMs };
  const placement = placementOn(access.url);
  const prefix = config.redisPrefix;
  const needs = { prefix, ...placement };
  const versions = await checkServers(options, needs, log);
  const link = await openLink(options);
  const { maxLagMs } = config;
  const servers = versions.join(', ');
  log.write('fleetJoined', { redis: redactedUrl(access.url), servers, partitions: placement.partitions, maxLagMs });
  const documents = await openRedisControlDocuments({ link, prefix, partitions: placement.partitions, ...machine });
  const partitions = new RedisPartitionStore({ link, prefix, ...placement, ...machine });
  const store = await tieredStore(config, { partitions, nodeName }, log);
  const { availability } = store;
  const deferring = spool && { deferring: { spool, memory: store.memory } };
  const audited = { audit: () => store.audit, checks: fleetChecks(config, { store, options, needs }) };
  return {
    store,
    documents,
    availability,
    ...deferring,
    ...audited,
    expireDue: () => void store.expireDue(EXPIRE_WORK_MAX),
  };
}

// Before anything is asked of Redis: a directory that can't be used is refused at once.
async function openSpoolOf({ spoolDir }: FleetConfig): Promise<Spool | undefined> {
  if (spoolDir === undefined) return undefined;
  const { openSpool } = await import('../../store/file/open-spool.ts');
  return openSpool(spoolDir);
}

/** How many partitions there are, for ever: on a cluster enough to spread over many primaries. */
function placementOn({ shape }: RedisUrl): { readonly partitions: number; readonly spread: number } {
  return shape === 'cluster' ? { partitions: 256, spread: 16 } : { partitions: 1, spread: 1 };
}

async function tieredStore(
  { maxLagMs, heartbeatMs, auditPerSecond }: FleetConfig,
  own: { readonly partitions: PartitionStore; readonly nodeName: string },
  log: Log,
): Promise<TieredStore> {
  const { h64 } = await xxhash();
  const onFailure = seldom<unknown>(systemClock, FAILURE_LOG_INTERVAL_MS, (error, suppressed) =>
    log.write('backgroundWorkFailed', { work: 'tail', suppressed, error }),
  );
  return new TieredStore({
    ...own,
    ...machine,
    hash: h64,
    makePolicy: (slotCount) => new Lru(slotCount),
    maxLagMs,
    heartbeatMs,
    onFailure,
    ...auditOptions(auditPerSecond, log),
  });
}
