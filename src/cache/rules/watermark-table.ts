import { limits } from '../../base/limits.ts';
import { scopePrefixes } from './scope-prefix.ts';
import type { Coverable, InvalidationMode, Selector } from './selector.ts';

/** The two watermarks of a selector, 0 where there is none. Numbers of the namespace's control partition. */
export interface Watermark {
  /** Entries stamped below it are gone. */
  readonly removed: number;
  /** Entries stamped below it are stale. */
  readonly stale: number;
}

interface Row {
  removed: number;
  stale: number;
  /** Store time of the newest change of this row, in milliseconds. */
  changedAtMs: number;
}

/** One selector's watermarks, as a table is copied from one holder to another. */
export interface WatermarkRow extends Watermark {
  readonly selector: Selector;
  /** Store time of the newest change, in milliseconds. */
  readonly changedAtMs: number;
}

const NONE: Watermark = { removed: 0, stale: 0 };

/**
 * The watermarks of one namespace: selector → number, changed in O(1) whatever the selector covers, and asked on every
 * read. Bounded: at the limit the half that was changed longest ago folds into the namespace's own watermark, which
 * invalidates too much and never too little.
 */
export class WatermarkTable {
  readonly #rowsMax: number;
  readonly #prefixes = new Map<string, Row>();
  readonly #tags = new Map<string, Row>();
  readonly #keys = new Map<string, Row>();
  #namespace: Row = { removed: 0, stale: 0, changedAtMs: 0 };
  #newest = 0;
  #folds = 0;

  /** @param rowsMax most rows beside the namespace's own; at least 2 */
  constructor(rowsMax: number = limits.watermarksPerNamespaceMax) {
    this.#rowsMax = rowsMax;
  }

  /** Rows beside the namespace's own. */
  get size(): number {
    return this.#prefixes.size + this.#tags.size + this.#keys.size;
  }

  /** How often the table was full and folded. */
  get folds(): number {
    return this.#folds;
  }

  /** The greatest number of any watermark: an entry stamped at or above it is covered by none. */
  get newest(): number {
    return this.#newest;
  }

  /** Raises a selector's watermark to `number`. Lower numbers change nothing, so order and repeats don't matter. */
  raise(selector: Selector, mode: InvalidationMode, number: number, nowMs: number): void {
    const row = this.#rowFor(selector, nowMs);
    if (mode === 'remove') row.removed = Math.max(row.removed, number);
    else row.stale = Math.max(row.stale, number);
    this.#newest = Math.max(this.#newest, number);
    if (this.size > this.#rowsMax) this.#fold();
  }

  /** Returns all rows, the namespace's own first. */
  rows(): WatermarkRow[] {
    const named = (rows: Map<string, Row>, selectorOf: (name: string) => Selector): WatermarkRow[] =>
      [...rows].map(([name, row]) => ({ selector: selectorOf(name), ...row }));
    return [
      { selector: { kind: 'namespace' }, ...this.#namespace },
      ...named(this.#prefixes, (prefix) => ({ kind: 'prefix', prefix })),
      ...named(this.#tags, (tag) => ({ kind: 'tag', tag })),
      ...named(this.#keys, (key) => ({ kind: 'key', key })),
    ];
  }

  /** Takes over the rows of another table, which has the same bound, into this empty one. */
  load(rows: readonly WatermarkRow[]): void {
    for (const { selector, removed, stale, changedAtMs } of rows) {
      this.raise(selector, 'remove', removed, changedAtMs);
      this.raise(selector, 'mark-stale', stale, changedAtMs);
    }
  }

  /** Returns the highest watermarks among the selectors that cover an entry. */
  covering(entry: Coverable): Watermark {
    let { removed, stale } = this.#namespace;
    const include = (row: Row | undefined): void => {
      if (row === undefined) return;
      removed = Math.max(removed, row.removed);
      stale = Math.max(stale, row.stale);
    };
    if (this.#keys.size > 0) include(this.#keys.get(entry.key));
    if (this.#tags.size > 0) for (const tag of entry.tags) include(this.#tags.get(tag));
    if (this.#prefixes.size > 0) for (const prefix of scopePrefixes(entry.key)) include(this.#prefixes.get(prefix));
    return removed === 0 && stale === 0 ? NONE : { removed, stale };
  }

  /**
   * Forgets rows that no entry needs any more: those numbered at most `sweptTo` (a full sweep that began after them has
   * ended) and last changed before `changedBeforeMs` (when it began, no fill from before them could come any more:
   * `settledBeforeMs`).
   */
  prune(sweptTo: number, changedBeforeMs: number): void {
    for (const rows of [this.#prefixes, this.#tags, this.#keys]) {
      for (const [name, row] of rows) {
        if (Math.max(row.removed, row.stale) <= sweptTo && row.changedAtMs < changedBeforeMs) rows.delete(name);
      }
    }
  }

  #rowFor(selector: Selector, nowMs: number): Row {
    switch (selector.kind) {
      case 'namespace':
        this.#namespace.changedAtMs = nowMs;
        return this.#namespace;
      case 'prefix':
        return freshest(this.#prefixes, selector.prefix, nowMs);
      case 'tag':
        return freshest(this.#tags, selector.tag, nowMs);
      case 'key':
        return freshest(this.#keys, selector.key, nowMs);
    }
  }

  #fold(): void {
    this.#folds++;
    const all = [this.#prefixes, this.#tags, this.#keys].flatMap((rows) =>
      [...rows].map(([name, row]) => ({ rows, name, row })),
    );
    all.sort((a, b) => Math.max(a.row.removed, a.row.stale) - Math.max(b.row.removed, b.row.stale));
    for (const { rows, name, row } of all.slice(0, Math.ceil(all.length / 2))) {
      rows.delete(name);
      this.#namespace.removed = Math.max(this.#namespace.removed, row.removed);
      this.#namespace.stale = Math.max(this.#namespace.stale, row.stale);
    }
  }
}

function freshest(rows: Map<string, Row>, name: string, nowMs: number): Row {
  const row = rows.get(name);
  if (row !== undefined) {
    row.changedAtMs = nowMs;
    return row;
  }
  const created: Row = { removed: 0, stale: 0, changedAtMs: nowMs };
  rows.set(name, created);
  return created;
}
