import type { Connection } from './connection/connection.ts';
import type { LinkOptions } from './link-options.ts';
import { partitionKeys } from './partition-keys.ts';
import { partitionTags } from './partition-tags.ts';
import { probeRights } from './rights-probe.ts';
import { findClusterPrimaries } from './startup-cluster.ts';
import { type Finding, notUsable, refusal } from './startup-finding.ts';
import type { Places, PrimaryPlace } from './startup-places.ts';
import { findSentinelPrimary } from './startup-sentinels.ts';
import { serverFindings, versionText } from './startup-server-rules.ts';
import { leave, visitServer } from './visit-server.ts';

/** What the service will need of the servers. */
export interface StartupNeeds {
  /** What all its names begin with. */
  readonly prefix: string;
  readonly partitions: number;
}

/** What a look at the servers found. */
export interface StartupReport {
  /** Those that refuse the start come first. */
  readonly findings: readonly Finding[];
  /** Of the primaries, such as `Redis 7.2.4`, each once: for the log. */
  readonly versions: readonly string[];
}

/** Of what is in Redis: what `v` of a partition's meta says. */
const LAYOUT = '1';

/**
 * Looks at the servers before the service starts: can they be used, are they what the URL says, may the login do what the
 * service needs, would their settings break promises. Changes nothing but keys of its own, which it removes.
 */
export async function checkRedis(options: LinkOptions, needs: StartupNeeds): Promise<StartupReport> {
  const { primaries, findings } = await placesOf(options, partitionTags(needs.partitions));
  const looks = await Promise.all(primaries.map((place) => lookAt(place, options, needs)));
  const all = [...findings, ...looks.flatMap((look) => look.findings)];
  const versions = new Set(looks.flatMap(({ version }) => (version === undefined ? [] : [version])));
  return { findings: unique(all), versions: [...versions] };
}

function placesOf(options: LinkOptions, tags: readonly string[]): Promise<Places> | Places {
  const { url } = options;
  switch (url.shape) {
    case 'standalone':
      return { primaries: [{ address: url.address, tags }], findings: [] };
    case 'sentinel':
      return findSentinelPrimary(url, options, tags);
    case 'cluster':
      return findClusterPrimaries(url.nodes, options, tags);
  }
}

interface Look {
  readonly findings: readonly Finding[];
  readonly version?: string;
}

async function lookAt({ address, tags }: PrimaryPlace, options: LinkOptions, needs: StartupNeeds): Promise<Look> {
  const visit = await visitServer(address, options, options.url.login);
  if (visit.kind === 'failed') return { findings: [notUsable(visit.failure)] };
  const { connection } = visit;
  const { info } = connection.greeting;
  const findings = serverFindings(info, options.url.shape);
  // Where the server is not what it should be, rights say nothing.
  const usable = !findings.some(({ severity }) => severity === 'refuse');
  const [tag] = tags;
  if (usable && tag !== undefined) findings.push(...(await partitionFindings(connection, needs.prefix, tag)));
  leave(visit);
  return { findings, version: versionText(info) };
}

async function partitionFindings(connection: Connection, prefix: string, tag: string): Promise<Finding[]> {
  const found = await probeRights(connection, `${prefix}{${tag}}:`);
  const reply = await connection.send('hget', [partitionKeys(prefix, tag).meta, 'v']);
  if (reply.kind !== 'answer' || !Buffer.isBuffer(reply.value) || reply.value.toString() === LAYOUT) return found;
  const what = `what is stored under the prefix has layout ${reply.value}, this version knows ${LAYOUT}`;
  return [...found, refusal('layout', what, 'Give this deployment another prefix, or run the version that wrote it.')];
}

function unique(findings: readonly Finding[]): Finding[] {
  const byText = new Map(findings.map((finding) => [`${finding.code} ${finding.what}`, finding]));
  return [...byText.values()].sort((a, b) => Number(b.severity === 'refuse') - Number(a.severity === 'refuse'));
}
