import { defaultFleet, type FleetConfig, type RedisTlsFiles, type SentinelLogin } from './config.ts';
import { ConfigError } from './config-error.ts';
import { formatDurationMs } from './durations.ts';
import type { Given } from './flag.ts';

/** Returns what makes the server a node of a fleet; undefined if nothing does. Throws a ConfigError on what can't be. */
export function fleetOf(given: Given): FleetConfig | undefined {
  const { redisUrl, stateDir, maxLagMs = defaultFleet.maxLagMs, heartbeatMs = defaultFleet.heartbeatMs } = given;
  if (redisUrl === undefined) {
    refuseFleetSettings(given);
    return undefined;
  }
  if (stateDir !== undefined) {
    throw new ConfigError(
      '--state and --redis exclude each other: a fleet keeps its definitions and secrets in Redis, for all nodes. Leave --state out',
    );
  }
  checkHeartbeat(maxLagMs, heartbeatMs);
  return {
    redisUrl,
    redisPrefix: given.redisPrefix ?? defaultFleet.redisPrefix,
    redisPasswordFile: given.redisPasswordFile,
    redisTls: redisTls(given),
    sentinelLogin: sentinelLogin(given),
    maxLagMs,
    heartbeatMs,
    auditPerSecond: given.auditPerSecond ?? defaultFleet.auditPerSecond,
    spoolDir: given.spoolDir,
  };
}

function refuseFleetSettings({ maxLagMs, heartbeatMs, auditPerSecond, spoolDir, ...given }: Given): void {
  if (spoolDir !== undefined) {
    throw new ConfigError(
      '--spool keeps invalidations while Redis is away, and no Redis is given: a server alone makes them at once. Leave --spool out, or give --redis URL',
    );
  }
  const named = Object.keys(given).some((name) => name.startsWith('redis'));
  if (!named && (maxLagMs ?? heartbeatMs ?? auditPerSecond) === undefined) return;
  throw new ConfigError('settings of a fleet are given and no Redis: give --redis URL, or leave them out to run solo');
}

// A tail that is asked less often than twice in that time is proven too late whenever one answer is slow.
function checkHeartbeat(maxLagMs: number, heartbeatMs: number): void {
  if (maxLagMs === 0 || heartbeatMs <= maxLagMs / 2) return;
  const [lag, beat] = [formatDurationMs(maxLagMs), formatDurationMs(heartbeatMs)];
  throw new ConfigError(
    `--heartbeat is ${beat} and may be half of --max-lag at most, which is ${lag}: make the one shorter or the other longer`,
  );
}

function redisTls({ redisCaFile, redisCertFile, redisKeyFile, redisServerName }: Given): RedisTlsFiles {
  if ((redisCertFile === undefined) !== (redisKeyFile === undefined)) {
    throw new ConfigError('a certificate for Redis and its key go together: give --redis-cert and --redis-key');
  }
  return { caFile: redisCaFile, certFile: redisCertFile, keyFile: redisKeyFile, serverName: redisServerName };
}

function sentinelLogin({ redisSentinelName: name, redisSentinelPasswordFile }: Given): SentinelLogin | undefined {
  if (redisSentinelPasswordFile !== undefined) return { name, passwordFile: redisSentinelPasswordFile };
  if (name === undefined) return undefined;
  throw new ConfigError('Sentinels want a password beside the name: give --redis-sentinel-password-file FILE');
}
