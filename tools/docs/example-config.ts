import { formatDurationMs } from '../../src/config/durations.ts';
import { type Flag, flags } from '../../src/config/flags.ts';
import { type NamespaceKey, namespaceKeys } from '../../src/config/namespace-keys.ts';
import { formatSizeBytes } from '../../src/config/sizes.ts';

/** What stands in the example where a flag has no default. */
const SAMPLES: Readonly<Record<string, string>> = {
  state: '/var/lib/reprise',
  'tls-cert': '/etc/reprise/server.pem',
  'tls-key': '/etc/reprise/server.key',
  'tls-client-ca': '/etc/reprise/clients.pem',
};

/** Returns a configuration file with every key there is, each at its default or at a sample. */
export function exampleConfig(): string {
  const inFile = flags.filter(({ filePath }) => filePath !== undefined);
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

/** Returns the example as a block of Markdown. */
export function exampleConfigSection(): string {
  return `\`\`\`yaml\n${exampleConfig()}\n\`\`\``;
}

function flagLines({ name, filePath, defaultText, help }: Flag, indent: string): string[] {
  const value = defaultText === 'none' ? SAMPLES[name] : defaultText;
  if (value === undefined) throw new Error(`the example needs a sample for --${name}`);
  return [`${indent}# ${help}`, `${indent}${filePath!.at(-1)}: ${value}`];
}

function namespaceValue({ kind, default: value }: NamespaceKey): string {
  switch (kind) {
    case 'duration':
      return formatDurationMs(value);
    case 'size':
      return formatSizeBytes(value);
    case 'ratio':
      return String(value);
  }
}
