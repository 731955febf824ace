import { crc32 } from 'node:zlib';
import type { DeferredInvalidation } from '../spool.ts';

/** The version of the lines that this program writes and reads. */
export const SPOOL_FORMAT = 1;

/** What a line of a spool says. */
export type SpoolLine =
  | { readonly kind: 'deferred'; readonly number: number; readonly invalidation: DeferredInvalidation }
  /** Those numbered up to this were made, and are forgotten. */
  | { readonly kind: 'done'; readonly upTo: number };

/** What a line is that says nothing: damaged, or of another version of the program. */
export type UnreadLine = { readonly kind: 'damaged' } | { readonly kind: 'other-format'; readonly format: unknown };

const FORM = /^\{"check":"([0-9a-f]{8})",(.*)$/s;

/** Writes a line, with its end. It begins with a checksum: a flipped bit in a key would be another key. */
export function formatSpoolLine(line: SpoolLine): string {
  const content = JSON.stringify({ format: SPOOL_FORMAT, ...line });
  return `{"check":"${checksum(content)}",${content.slice(1)}\n`;
}

/** Reads a line without its end. */
export function parseSpoolLine(text: string): SpoolLine | UnreadLine {
  const [, check, rest] = FORM.exec(text) ?? [];
  const content = `{${rest}`;
  if (check === undefined || check !== checksum(content)) return { kind: 'damaged' };
  // What the checksum vouches for was written by this program: it has a form that some version knows.
  const { format, ...line } = JSON.parse(content) as { readonly format: unknown };
  return format === SPOOL_FORMAT ? (line as SpoolLine) : { kind: 'other-format', format };
}

function checksum(content: string): string {
  return crc32(content).toString(16).padStart(8, '0');
}
