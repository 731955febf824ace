import { defaults, limits } from '../../src/base/limits.ts';
import { auditPerSecondMax, drainMsMax, lagMsMax, workersMax } from '../../src/config/config.ts';
import { configFileBytesMax } from '../../src/config/config-file.ts';
import { controlLimits } from '../../src/store/control-documents.ts';
import { opsLimits } from '../../src/telemetry/ops-server.ts';
import { code, markdownTable } from './markdown-table.ts';
import { quantityInWords } from './quantities.ts';
import { commentsByName, documented } from './source-comments.ts';

/** Numbers by name, and where they are declared and explained. */
export interface NumberGroup {
  readonly title: string;
  readonly file: string;
  /** The constant that holds them, or that is the number. */
  readonly source: string;
  readonly values: Readonly<Record<string, number>>;
}

/** All limits, as operators read them. */
export const limitGroups: readonly NumberGroup[] = [
  { title: 'Calls, entries and namespaces', file: 'src/base/limits.ts', source: 'limits', values: limits },
  {
    title: 'Configuration file',
    file: 'src/config/config-file.ts',
    source: 'configFileBytesMax',
    values: { configFileBytesMax },
  },
  { title: 'Drain', file: 'src/config/config.ts', source: 'drainMsMax', values: { drainMsMax } },
  { title: 'Fleet', file: 'src/config/config.ts', source: 'lagMsMax', values: { lagMsMax } },
  { title: 'Auditor', file: 'src/config/config.ts', source: 'auditPerSecondMax', values: { auditPerSecondMax } },
  { title: 'Workers', file: 'src/config/config.ts', source: 'workersMax', values: { workersMax } },
  { title: 'Ops port', file: 'src/telemetry/ops-server.ts', source: 'opsLimits', values: opsLimits },
  { title: 'State directory', file: 'src/store/control-documents.ts', source: 'controlLimits', values: controlLimits },
];

/** Returns the tables of all limits. */
export function limitsSection(): string {
  return limitGroups.map((group) => `**${group.title}**\n\n${groupTable('limit', group)}`).join('\n\n');
}

/** Returns the table of what applies where a caller or a namespace says nothing. */
export function defaultsSection(): string {
  return groupTable('default', { title: '', file: 'src/base/limits.ts', source: 'defaults', values: defaults });
}

function groupTable(header: string, { file, source, values }: NumberGroup): string {
  const comments = commentsByName(file, source);
  const rows = Object.entries(values).map(([name, value]) => [
    code(name),
    quantityInWords(name, value),
    documented(comments, name, file),
  ]);
  return markdownTable([header, 'value', 'of what'], rows);
}
