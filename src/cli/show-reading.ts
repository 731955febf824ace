import { MissReason } from '../gen/reprise/v1/entry.ts';
import { enumName } from './enum-name.ts';
import type { ExitName } from './exit-codes.ts';
import { formatSpan } from './format-figures.ts';
import { lifetimeFields, lifetimeJson, spanMs } from './lifetime.ts';
import type { Output } from './output.ts';
import { fieldsText } from './print-table.ts';
import type { Reading } from './read-entries.ts';
import { failureText } from './tell-error.ts';
import { jsonValueOf, previewOf } from './value-text.ts';

/** Returns a reading as an object for JSON. Its `outcome` tells a hit, a negative entry and a miss apart. */
export function readingJson(reading: Reading): Record<string, unknown> {
  const { key, outcome } = reading;
  switch (reading.outcome) {
    case 'hit':
      return { key, outcome, ...jsonValueOf(reading.value), ...hitJson(reading) };
    case 'negative':
      return { key, outcome, ...hitJson(reading) };
    case 'miss':
      return {
        key,
        outcome,
        reason: enumName(MissReason, reading.miss.reason),
        fence: reading.miss.fence || undefined,
      };
    case 'notModified': {
      const { revision, stale } = reading.notModified;
      return { key, outcome, revision, ...lifetimeJson(reading.notModified), stale };
    }
    case 'error':
      return { key, outcome, reason: reading.error.reason, message: reading.error.message };
  }
}

/** Returns readings as the rows of a table, its header first. */
export function readingRows(readings: readonly Reading[]): string[][] {
  return [['KEY', 'OUTCOME', 'VALUE', 'FRESH FOR', 'REVISION'], ...readings.map(rowOf)];
}

const UNVERIFIED = 'yes, the store could not be asked';

/** Returns what people are told of an entry beside its value. */
export function metadataText({ hit }: Extract<Reading, { outcome: 'hit' | 'negative' }>, { paint }: Output): string {
  const lines = fieldsText({
    revision: hit.revision || undefined,
    ...lifetimeFields(hit),
    stale: hit.stale ? 'yes' : undefined,
    unverified: hit.unverified ? UNVERIFIED : undefined,
    tags: hit.tags.length === 0 ? undefined : hit.tags.join(', '),
    type: hit.contentType || undefined,
  });
  return paint('dim', lines);
}

/** Returns how a command ends that read these. */
export function exitOfReadings(readings: readonly Reading[]): ExitName {
  const has = (...outcomes: Reading['outcome'][]): boolean =>
    readings.some(({ outcome }) => outcomes.includes(outcome));
  if (has('error')) return 'failed';
  if (has('miss', 'notModified')) return 'no';
  return has('negative') ? 'negative' : 'done';
}

function hitJson({ hit }: Extract<Reading, { outcome: 'hit' | 'negative' }>): Record<string, unknown> {
  const { contentType, revision, stale, unverified, tags } = hit;
  const named = { contentType: contentType || undefined, revision: revision || undefined };
  // Said only where it is so: outside an outage nobody needs to look at it.
  return { ...named, ...lifetimeJson(hit), stale, unverified: unverified || undefined, tags };
}

function rowOf(reading: Reading): string[] {
  const { key, outcome } = reading;
  switch (reading.outcome) {
    case 'hit': {
      const { freshFor, revision } = reading.hit;
      return [key, hitWords(reading), previewOf(reading.value), formatSpan(spanMs(freshFor)), revision];
    }
    case 'negative':
      return [key, hitWords(reading), '', formatSpan(spanMs(reading.hit.freshFor)), reading.hit.revision];
    case 'miss':
      return [key, outcome, `(${enumName(MissReason, reading.miss.reason)})`];
    case 'notModified':
      return [key, 'not modified', '', formatSpan(spanMs(reading.notModified.freshFor)), reading.notModified.revision];
    case 'error':
      return [key, outcome, failureText(reading.error)];
  }
}

function hitWords({ outcome, hit }: Extract<Reading, { outcome: 'hit' | 'negative' }>): string {
  const words = outcome === 'hit' && hit.stale ? 'stale hit' : outcome;
  return hit.unverified ? `unverified ${words}` : words;
}
