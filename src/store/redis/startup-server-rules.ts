import type { Greeting } from './connection/greeting.ts';
import type { RedisUrl } from './redis-url.ts';
import { type Finding, refusal, warning } from './startup-finding.ts';

type Info = Greeting['info'];

/** Returns name and version of a server, such as `Redis 7.2.4` or `Valkey 8.1.4`. */
export function versionText(info: Info): string {
  const valkey = info.get('valkey_version');
  return valkey === undefined ? `Redis ${info.get('redis_version') ?? '(unknown)'}` : `Valkey ${valkey}`;
}

/** Returns what INFO shows to be wrong with a primary. */
export function serverFindings(info: Info, shape: RedisUrl['shape']): Finding[] {
  return [
    tooOld(info),
    vulnerable(info),
    evicting(info),
    otherShape(info, shape),
    noPrimary(info),
    emptyRestart(info, shape),
    alone(info, shape),
  ].filter((found) => found !== undefined);
}

const OLDEST = [7, 0, 0];

function tooOld(info: Info): Finding | undefined {
  if (atLeast(versionOf(info), OLDEST)) return undefined;
  return refusal('version', `${versionText(info)} is too old`, 'Use Redis or Valkey 7.0 or later.');
}

// The first versions without CVE-2025-49844: whoever may run scripts could run any code.
const MENDED: Readonly<Record<string, readonly (readonly number[])[]>> = {
  Redis: [
    [7, 2, 11],
    [7, 4, 6],
    [8, 0, 4],
    [8, 2, 2],
  ],
  Valkey: [
    [7, 2, 11],
    [8, 0, 6],
    [8, 1, 4],
  ],
};

function vulnerable(info: Info): Finding | undefined {
  const version = versionOf(info);
  const mended = MENDED[info.has('valkey_version') ? 'Valkey' : 'Redis']!;
  const line = mended.find(([major, minor]) => version[0] === major && version[1] === minor);
  if (atLeast(version, line ?? mended.at(-1)!)) return undefined;
  const what = `${versionText(info)} has known holes in its scripting (CVE-2025-49844 and others), by its number`;
  return warning('vulnerable', what, 'Update it, unless its distribution mends holes without changing the number.');
}

function evicting(info: Info): Finding | undefined {
  const policy = info.get('maxmemory_policy') ?? '';
  if (!policy.startsWith('allkeys-')) return undefined;
  const what = `maxmemory-policy ${policy} may evict the log of changes and the counters that revisions depend on`;
  return refusal('eviction', what, 'Set maxmemory-policy volatile-lru, volatile-ttl or noeviction.');
}

function otherShape(info: Info, shape: RedisUrl['shape']): Finding | undefined {
  const mode = info.get('redis_mode') ?? info.get('server_mode');
  const isCluster = info.get('cluster_enabled') === '1' || mode === 'cluster';
  if (mode === 'sentinel') {
    return refusal(
      'shape',
      'this is a Sentinel',
      'Write redis+sentinel://HOSTS/NAME, or give the address of a server.',
    );
  }
  if (isCluster && shape !== 'cluster') {
    return refusal('shape', 'this is a node of a cluster', 'Begin the URL with redis+cluster:// (rediss+cluster://).');
  }
  if (!isCluster && shape === 'cluster') {
    return refusal('shape', 'this is no node of a cluster', 'Begin the URL with redis:// or redis+sentinel://.');
  }
  return undefined;
}

function noPrimary(info: Info): Finding | undefined {
  if (info.get('role') !== 'slave') return undefined;
  return refusal('role', 'this is a replica', 'Give the address of the primary, or of the Sentinels that know it.');
}

// Empty, it would be copied by the replicas that still have everything.
function emptyRestart(info: Info, shape: RedisUrl['shape']): Finding | undefined {
  if (info.get('aof_enabled') === '1') return undefined;
  const replicas = Number(info.get('connected_slaves') ?? 0);
  if (shape === 'standalone' && replicas === 0) {
    return warning(
      'restart-empties',
      'appendonly is off: a restart loses what changed since the last snapshot',
      'Set appendonly yes if the cache should survive restarts of Redis.',
    );
  }
  return warning(
    'restart-empties',
    'appendonly is off: a primary that restarts before a replica was promoted comes back with old data or none, and the replicas follow it',
    'Set appendonly yes, or see to it that a primary that ended is not started by itself.',
  );
}

function alone(info: Info, shape: RedisUrl['shape']): Finding | undefined {
  if (shape === 'standalone' || info.get('role') !== 'master' || Number(info.get('connected_slaves') ?? 0) > 0) {
    return undefined;
  }
  return warning('no-replica', 'a primary has no replica that could take over', 'Add one, or bring it back.');
}

function versionOf(info: Info): readonly number[] {
  const text = info.get('valkey_version') ?? info.get('redis_version') ?? '';
  return text.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

function atLeast(version: readonly number[], bound: readonly number[]): boolean {
  const different = bound.findIndex((part, index) => (version[index] ?? 0) !== part);
  return different < 0 || (version[different] ?? 0) > bound[different]!;
}
