import { auditPerSecondMax, defaultConfig, defaultFleet, lagMsMax, workersMax } from './config.ts';
import { ConfigError } from './config-error.ts';
import { formatDurationMs, parseDurationMs } from './durations.ts';
import type { Flag } from './flag.ts';
import { parseCount, parsePath } from './flag-values.ts';

/** Fewest milliseconds between two heartbeats. */
export const heartbeatMsMin = 20;

const PREFIX = /^[A-Za-z0-9._:/-]{1,64}$/;

/** The settings that only a node of a fleet has. */
export const fleetFlags: readonly Flag[] = [
  {
    name: 'redis',
    valueName: 'URL',
    env: 'REPRISE_REDIS',
    filePath: ['redis', 'url'],
    defaultText: 'none',
    help: 'Makes the server a node of a fleet: the Redis that all nodes share, as redis://HOST:PORT, redis+sentinel://HOST:PORT,…/NAME or redis+cluster://HOST:PORT,…; rediss for TLS.',
    read: (text, where) => ({ redisUrl: parseUrl(text, where) }),
  },
  {
    name: 'redis-prefix',
    valueName: 'TEXT',
    env: 'REPRISE_REDIS_PREFIX',
    filePath: ['redis', 'prefix'],
    defaultText: defaultFleet.redisPrefix,
    help: 'What all keys and channels in Redis begin with. The same on all nodes.',
    read: (text, where) => ({ redisPrefix: parsePrefix(text, where) }),
  },
  {
    name: 'redis-password-file',
    valueName: 'FILE',
    env: 'REPRISE_REDIS_PASSWORD_FILE',
    filePath: ['redis', 'passwordFile'],
    defaultText: 'none',
    help: 'File with the password of the name in the URL, so that it stands in no list of processes.',
    read: (text, where) => ({ redisPasswordFile: parsePath(text, where) }),
  },
  {
    name: 'redis-ca',
    valueName: 'FILE',
    env: 'REPRISE_REDIS_CA',
    filePath: ['redis', 'ca'],
    defaultText: 'none',
    help: "PEM file with the authorities of Redis' certificates, instead of those that Node trusts.",
    read: (text, where) => ({ redisCaFile: parsePath(text, where) }),
  },
  {
    name: 'redis-cert',
    valueName: 'FILE',
    env: 'REPRISE_REDIS_CERT',
    filePath: ['redis', 'cert'],
    defaultText: 'none',
    help: 'PEM file with a certificate of the node, where Redis asks for one. Needs --redis-key.',
    read: (text, where) => ({ redisCertFile: parsePath(text, where) }),
  },
  {
    name: 'redis-key',
    valueName: 'FILE',
    env: 'REPRISE_REDIS_KEY',
    filePath: ['redis', 'key'],
    defaultText: 'none',
    help: "PEM file with that certificate's private key. Needs --redis-cert.",
    read: (text, where) => ({ redisKeyFile: parsePath(text, where) }),
  },
  {
    name: 'redis-server-name',
    valueName: 'NAME',
    env: 'REPRISE_REDIS_SERVER_NAME',
    filePath: ['redis', 'serverName'],
    defaultText: 'none',
    help: "The name in Redis' certificates, where it is not the host of the URL.",
    read: (text, where) => ({ redisServerName: parseName(text, where) }),
  },
  {
    name: 'redis-sentinel-name',
    valueName: 'NAME',
    env: 'REPRISE_REDIS_SENTINEL_NAME',
    filePath: ['redis', 'sentinelName'],
    defaultText: 'none',
    help: 'The name that Sentinels know the node by, where they have an ACL of their own. Needs --redis-sentinel-password-file.',
    read: (text, where) => ({ redisSentinelName: parseName(text, where) }),
  },
  {
    name: 'redis-sentinel-password-file',
    valueName: 'FILE',
    env: 'REPRISE_REDIS_SENTINEL_PASSWORD_FILE',
    filePath: ['redis', 'sentinelPasswordFile'],
    defaultText: 'none',
    help: "File with the Sentinels' password. Without it they are told that of the URL, and nothing where they want none.",
    read: (text, where) => ({ redisSentinelPasswordFile: parsePath(text, where) }),
  },
  {
    name: 'max-lag',
    valueName: 'DURATION',
    env: 'REPRISE_MAX_LAG',
    filePath: ['redis', 'maxLag'],
    defaultText: formatDurationMs(defaultFleet.maxLagMs),
    help: 'How long after an acknowledged change a node may still answer without it, where the caller gives no token. At most 1m.',
    read: (text, where) => ({ maxLagMs: parseDurationMs(text, where, { min: 0, max: lagMsMax }) }),
  },
  {
    name: 'heartbeat',
    valueName: 'DURATION',
    env: 'REPRISE_HEARTBEAT',
    filePath: ['redis', 'heartbeat'],
    defaultText: formatDurationMs(defaultFleet.heartbeatMs),
    help: 'How often a node asks each primary whether it missed anything; at most half of --max-lag.',
    read: (text, where) => ({ heartbeatMs: parseDurationMs(text, where, { min: heartbeatMsMin, max: lagMsMax / 2 }) }),
  },
  {
    name: 'audit-per-second',
    valueName: 'N',
    env: 'REPRISE_AUDIT_PER_SECOND',
    filePath: ['redis', 'auditPerSecond'],
    fileTypes: ['integer'],
    defaultText: String(defaultFleet.auditPerSecond),
    help: `After how many changes a second the node compares what it would answer from memory with Redis, 0 to ${auditPerSecondMax}; 0: never.`,
    read: (text, where) => ({ auditPerSecond: parseCount(text, where, auditPerSecondMax) }),
  },
  {
    name: 'spool',
    valueName: 'DIR',
    env: 'REPRISE_SPOOL',
    filePath: ['redis', 'spool'],
    defaultText: 'none',
    help: 'Directory of this node alone that keeps invalidations which callers let be deferred while Redis is away. Without it they are refused with SPOOL_OFF.',
    read: (text, where) => ({ spoolDir: parsePath(text, where) }),
  },
  {
    name: 'workers',
    valueName: 'N',
    env: 'REPRISE_WORKERS',
    filePath: ['redis', 'workers'],
    fileTypes: ['integer'],
    defaultText: String(defaultConfig.workers),
    help: `Processes that share the port, 1 to ${workersMax}: one a core. Each is a node with a memory of its own and takes --capacity for itself.`,
    read: (text, where) => ({ workers: parseWorkers(text, where) }),
  },
];

function parseWorkers(text: string, where: string): number {
  const workers = parseCount(text, where, workersMax);
  if (workers > 0) return workers;
  throw new ConfigError(`${where}: expected a whole number from 1 to ${workersMax}, found "${text}"`);
}

// What is wrong with a URL is said when the store is opened. Deliberate: never what it is, it may hold a password.
function parseUrl(text: string, where: string): string {
  if (/^rediss?(?:\+sentinel|\+cluster)?:\/\/./.test(text)) return text;
  throw new ConfigError(
    `${where}: expected a URL that begins with redis://, rediss://, redis+sentinel://, rediss+sentinel://, redis+cluster:// or rediss+cluster://`,
  );
}

function parsePrefix(text: string, where: string): string {
  if (PREFIX.test(text)) return text;
  throw new ConfigError(`${where}: expected 1 to 64 letters, digits, ":", ".", "_", "/" and "-", found "${text}"`);
}

function parseName(text: string, where: string): string {
  if (/^[^\s]{1,255}$/.test(text)) return text;
  throw new ConfigError(`${where}: expected a name without spaces, found "${text}"`);
}
