import { OperatingError } from '../../base/operating-error.ts';
import { utf8Bytes } from '../../base/utf8.ts';
import type { DeferredInvalidation } from '../spool.ts';
import { formatSpoolLine, parseSpoolLine, SPOOL_FORMAT } from './spool-line.ts';

/** An invalidation in the file. */
export interface KeptInvalidation {
  /** Counts the invalidations of one file. */
  readonly number: number;
  readonly invalidation: DeferredInvalidation;
  /** Of its line. */
  readonly bytes: number;
}

/** What a spool's file holds. */
export interface SpoolContent {
  /** What was not made yet, the oldest first. */
  readonly kept: readonly KeptInvalidation[];
  /** Numbers of the lines that can't be read, from 1. */
  readonly damagedLines: readonly number[];
  /** The number of the newest invalidation that is known to have been in the file. */
  readonly newest: number;
  /** Nothing may be appended before the file is written anew. */
  readonly untidy: boolean;
}

/**
 * Reads the text of a spool's file. What follows the last end of a line was cut off while it was written: nobody was told
 * that it is kept, and it is ignored unless it is whole.
 *
 * Operating error: STATE_UNAVAILABLE if another version of the program wrote it.
 */
export function readSpoolContent(text: string): SpoolContent {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  if (tail !== '' && parseSpoolLine(tail).kind !== 'damaged') lines.push(tail);
  const damagedLines: number[] = [];
  const kept: KeptInvalidation[] = [];
  let done = 0;
  for (const [index, lineText] of lines.entries()) {
    const line = parseSpoolLine(lineText);
    if (line.kind === 'other-format') throw otherFormat(line.format);
    if (line.kind === 'damaged') damagedLines.push(index + 1);
    else if (line.kind === 'done') done = Math.max(done, line.upTo);
    else kept.push({ number: line.number, invalidation: line.invalidation, bytes: utf8Bytes(lineText) + 1 });
  }
  const newest = Math.max(done, kept.at(-1)?.number ?? 0);
  const untidy = tail !== '' || damagedLines.length > 0;
  return { kept: kept.filter(({ number }) => number > done), damagedLines, newest, untidy };
}

/** Returns the text of a file that holds these and nothing else. */
export function spoolText(kept: readonly KeptInvalidation[]): string {
  return kept.map(({ number, invalidation }) => formatSpoolLine({ kind: 'deferred', number, invalidation })).join('');
}

function otherFormat(format: unknown): OperatingError {
  const text = `it is of format ${format}, and this version knows ${SPOOL_FORMAT}: let the version that wrote it make what it holds, or move it away to lose that`;
  return new OperatingError('STATE_UNAVAILABLE', text);
}
