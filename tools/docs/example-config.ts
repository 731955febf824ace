import { formatDurationMs } from '../../src/config/durations.ts';
import type { Flag } from '../../src/config/flag.ts';
import { flags } from '../../src/config/flags.ts';
import { type NamespaceKey, namespaceKeys } from '../../src/config/namespace-keys.ts';
import { formatSizeBytes } from '../../src/config/sizes.ts';

/** What stands in the example where a flag has no default. */
const SAMPLES: Readonly<Record<string, string>> = {
  'node-name': 'cache-1',
  state: '/var/lib/reprise',
  'tls-cert': '/etc/reprise/server.pem',
  'tls-key': '/etc/reprise/server.key',
  'tls-client-ca': '/etc/reprise/clients.pem',
  redis: 'rediss+sentinel://reprise@sentinel-1:26379,sentinel-2:26379,sentinel-3:26379/cache',
  'redis-password-file': '/etc/reprise/redis-password',
  'redis-ca': '/etc/reprise/redis-ca.pem',
  'redis-cert': '/etc/reprise/redis.pem',
  'redis-key': '/etc/reprise/redis.key',
  'redis-server-name': 'redis.example.com',
  'redis-sentinel-name': 'reprise',
  'redis-sentinel-password-file': '/etc/reprise/sentinel-password',
  spool: '/var/spool/reprise',
};
/** The group that only a node of a fleet has, and that excludes the key `state`. */
const FLEET_GROUP = 'redis';

/** Returns a configuration file of a server alone with every key there is, each at its default or at a sample. */
export function exampleConfig(): string {
  const inFile = flags.filter(({ filePath }) => filePath !== undefined && filePath[0] !== FLEET_GROUP);
  const top = inFile.filter(({ filePath }) => filePath!.length === 1).map((flag) => flagLines(flag, ''));
  const grouped = Map.groupBy(
    inFile.filter(({ filePath }) => filePath!.length === 2),
    ({ filePath }) => filePath![0]!,
  );
  const groups = [...grouped].map(([name, members]) => [
    `${name}:`,
    ...members.flatMap((flag) => flagLines(flag, '  ')),
  ]);
  const settings = namespaceKeys.flatMap((key) => [`    # ${key.help}`, `    ${key.name}: ${namespaceValue(key)}`]);
  return [...top, ...groups, ['namespaces:', '  products:', ...settings]].flat().join('\n');
}

/** Returns what such a file has instead of the key `state` on a node of a fleet. */
export function exampleFleetConfig(): string {
  const ofFleet = flags.filter(({ filePath }) => filePath?.[0] === FLEET_GROUP);
  return [`${FLEET_GROUP}:`, ...ofFleet.flatMap((flag) => flagLines(flag, '  '))].join('\n');
}

/** Returns the example as a block of Markdown. */
export function exampleConfigSection(): string {
  return yamlBlock(exampleConfig());
}

/** Returns the example of a fleet as a block of Markdown. */
export function exampleFleetConfigSection(): string {
  return yamlBlock(exampleFleetConfig());
}

function yamlBlock(text: string): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}

function flagLines({ name, filePath, defaultText, help }: Flag, indent: string): string[] {
  const value = defaultText === 'none' ? SAMPLES[name] : defaultText;
  if (value === undefined) throw new Error(`the example needs a sample for --${name}`);
  // What ends in a colon would begin a group.
  const scalar = value.endsWith(':') ? `"${value}"` : value;
  return [`${indent}# ${help}`, `${indent}${filePath!.at(-1)}: ${scalar}`];
}

function namespaceValue(key: NamespaceKey): string {
  switch (key.kind) {
    case 'duration':
      return formatDurationMs(key.default);
    case 'size':
      return formatSizeBytes(key.default);
    case 'ratio':
    case 'word':
      return String(key.default);
  }
}
