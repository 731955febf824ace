import { type EpochChain, effectiveNumber } from '../../cache/rules/epoch-chain.ts';
import type { Position } from '../../cache/rules/position.ts';
import type { Visibility } from '../../cache/rules/visibility.ts';
import type { Found } from '../partition-store.ts';
import type { StoredEntry } from '../store.ts';

/** What L1 would have answered. */
export interface Served {
  /** Absent: it would have said that there is nothing. */
  readonly entry: StoredEntry | undefined;
  readonly visibility: Visibility;
  /** Of the entry; of an absence the head at which it was found. */
  readonly position: Position;
}

/** What the primary says of the key. */
export interface Truth {
  readonly chain: EpochChain;
  readonly head: number;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
  readonly found: Found;
  readonly visibility: Visibility;
}

/**
 * How what L1 serves stands to what the primary says.
 *
 * - `same`: a reader of either gets the same.
 * - `newer`: it came after the primary was asked.
 * - `older`: a change of the key is missing. `unmarked`: a wide change is missing.
 * - `foreign`: the primary holds something else, and no change says so.
 * - `unknown`: they are of two histories, so that numbers say nothing.
 */
export type Comparison = 'same' | 'newer' | 'older' | 'unmarked' | 'foreign' | 'unknown';

/** Compares what L1 serves with what the primary says. */
export function compareServed(served: Served, truth: Truth): Comparison {
  const number = effectiveNumber(truth.chain, served.position);
  if (number === undefined) return 'unknown';
  if (number > truth.head) return 'newer';
  const { entry } = truth.found;
  if (served.entry === undefined) return compareAbsence(number, truth);
  if (entry === undefined) return compareWithNothing(served.entry, truth);
  const told = effectiveNumber(truth.chain, entry.position);
  if (told === undefined) return 'unknown';
  if (told !== number) return told > number ? 'older' : 'foreign';
  if (!isSameContent(served.entry, entry)) return 'foreign';
  return RANKS[served.visibility] < RANKS[truth.visibility] ? 'unmarked' : 'same';
}

const RANKS: Readonly<Record<Visibility, number>> = { visible: 0, 'marked-stale': 1, removed: 2 };

/** An absence lives no longer than a node may lag: only a change that it lacks matters. */
function compareAbsence(number: number, { chain, found, visibility }: Truth): Comparison {
  if (found.entry === undefined || visibility === 'removed') return 'same';
  const told = effectiveNumber(chain, found.entry.position);
  if (told === undefined) return 'unknown';
  return told > number ? 'older' : 'same';
}

/** A removal leaves a trace, for longer than a node may lag. What left none did not leave by a change. */
function compareWithNothing(served: StoredEntry, { found, nowMs }: Truth): Comparison {
  if (nowMs >= served.goneAtMs) return 'same';
  return found.absence === 'unknown' ? 'foreign' : 'older';
}

function isSameContent({ value }: StoredEntry, other: StoredEntry): boolean {
  if (value === undefined || other.value === undefined) return value === other.value;
  return Buffer.compare(value, other.value) === 0;
}
