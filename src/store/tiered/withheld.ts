import type { Coverable, Selector } from '../../cache/rules/selector.ts';
import { WatermarkTable } from '../../cache/rules/watermark-table.ts';

/** Any number above that of an entry which has none. */
const COVERED = 1;

/**
 * What selectors cover, all alike: a watermark table, which finds them in constant time and is bounded. At the bound it
 * covers too much, never too little.
 */
export class Withheld {
  readonly #table = new WatermarkTable();

  /** Covers more. */
  add(selector: Selector): void {
    this.#table.raise(selector, 'remove', COVERED, 0);
  }

  /** Tells whether any selector covers an entry. */
  covers(entry: Coverable | undefined): boolean {
    return entry !== undefined && this.#table.covering(entry).removed > 0;
  }
}
