import { type LogEventSpec, logEvents } from '../../src/telemetry/log-events.ts';
import { code, markdownTable } from './markdown-table.ts';

/** Returns the table of all log events. */
export function logEventsSection(): string {
  const rows = Object.entries<LogEventSpec>(logEvents).map(([event, { level, fields, help }]) => [
    code(event),
    level,
    Object.keys(fields).map(code).join(', '),
    help,
  ]);
  return markdownTable(['event', 'level', 'fields', 'what it means'], rows);
}
