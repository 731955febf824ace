import type { Namespace } from '../gen/reprise/v1/namespace.ts';
import { formatBytes } from './format-figures.ts';
import { instantText } from './lifetime.ts';
import { settingsJson, settingTexts } from './namespace-options.ts';
import { fieldsText, tableText } from './print-table.ts';

/** Returns a namespace as an object for JSON. */
export function namespaceJson(namespace: Namespace): Record<string, unknown> {
  const { name, version, createTime, managedByFile, durable } = namespace;
  return {
    name,
    settings: namespace.settings && settingsJson(namespace.settings),
    version: String(version),
    createTime: instantText(createTime),
    managedByFile,
    durable,
    ...usageOf(namespace),
  };
}

/** Returns all there is to say of a namespace, line by line. */
export function namespaceText(namespace: Namespace): string {
  const { name, version, createTime, managedByFile, durable, settings } = namespace;
  const { entries, weightBytes } = usageOf(namespace);
  return fieldsText({
    name,
    ...(settings && settingTexts(settings)),
    entries: String(entries),
    memory: formatBytes(weightBytes),
    version: String(version),
    created: instantText(createTime),
    durable: durable ? 'yes' : 'no, a restart of the server forgets it',
    'managed by': managedByFile ? "the server's configuration file" : undefined,
  });
}

/** Returns namespaces as a table. */
export function namespacesText(namespaces: readonly Namespace[]): string {
  const header = ['NAME', 'ENTRIES', 'MEMORY', 'CAPACITY', 'DEFAULT TTL', 'DURABLE', 'MANAGED BY'];
  const rows = namespaces.map((namespace) => {
    const { entries, weightBytes } = usageOf(namespace);
    const { capacity, defaultTtl } = namespace.settings ? settingTexts(namespace.settings) : {};
    const durable = namespace.durable ? 'yes' : 'no';
    const manager = namespace.managedByFile ? 'file' : 'API';
    return [
      namespace.name,
      String(entries),
      formatBytes(weightBytes),
      capacity ?? '',
      defaultTtl ?? '',
      durable,
      manager,
    ];
  });
  return tableText([header, ...rows], { right: [1, 2, 3, 4] });
}

function usageOf({ usage }: Namespace): { entries: number; weightBytes: number } {
  return { entries: Number(usage?.entries ?? 0n), weightBytes: Number(usage?.weightBytes ?? 0n) };
}
