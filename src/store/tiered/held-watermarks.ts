import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Control } from '../../cache/rules/visibility.ts';
import { type WatermarkRow, WatermarkTable } from '../../cache/rules/watermark-table.ts';
import type { Change } from '../store.ts';

interface Held {
  /** The epoch that the table is of. After a fork another one must be taken. */
  readonly epoch: string;
  /** Changes up to this number are in it. */
  readonly upTo: number;
  readonly control: Control;
}

/** A table on its way from the store. */
export interface AskedTable {
  readonly appliedThen: number;
  /** Wide changes that are applied meanwhile: they follow it. */
  readonly later: { readonly change: Change; readonly nowMs: number }[];
}

/** A table as the store told it. */
export interface ToldTable {
  readonly chain: EpochChain;
  readonly head: number;
  readonly rows: readonly WatermarkRow[];
}

/**
 * A namespace's watermarks, as a node holds them: the store's table as it stood once, and every wide change that was
 * applied since. A fork replaces it as a whole: single rows can't be taken back out of a table that has folded.
 */
export class HeldWatermarks {
  #held: Held | undefined;
  #asked: AskedTable | undefined;

  /** Returns what entries may be judged by in this history; `undefined` if the table is not of it. */
  control(chain: EpochChain | undefined): Control | undefined {
    const held = this.#held;
    return held !== undefined && held.epoch === chain?.epoch ? held.control : undefined;
  }

  /** The table that is there, of whatever epoch. */
  get last(): Control | undefined {
    return this.#held?.control;
  }

  /** Tells whether a table must be asked for. */
  isMissing(chain: EpochChain): boolean {
    return this.#asked === undefined && this.#held?.epoch !== chain.epoch;
  }

  /** A table is asked for now; what is applied from here on follows it. */
  ask(appliedThen: number): AskedTable {
    this.#asked = { appliedThen, later: [] };
    return this.#asked;
  }

  /** Whoever asked got no answer. */
  giveUp(asked: AskedTable): void {
    if (this.#asked === asked) this.#asked = undefined;
  }

  /** Tells whether an answer is still what was asked for, in the history that is followed now. */
  isWanted(asked: AskedTable, told: ToldTable, chain: EpochChain | undefined): boolean {
    return this.#asked === asked && told.chain.epoch === chain?.epoch && told.head >= asked.appliedThen;
  }

  /** Takes the store's table in the place of the present one. L1 must have been swept by that before. */
  take(asked: AskedTable, { chain, head, rows }: ToldTable): void {
    const watermarks = new WatermarkTable();
    watermarks.load(rows);
    this.#asked = undefined;
    this.#held = { epoch: chain.epoch, upTo: head, control: { chain, watermarks } };
    for (const { change, nowMs } of asked.later) this.raise(change, nowMs);
  }

  /** Applies a wide change. */
  raise(change: Change, nowMs: number): void {
    this.#asked?.later.push({ change, nowMs });
    const { position } = change;
    const held = this.#held;
    if (change.kind !== 'invalidate' || held === undefined) return;
    // Deliberate: what the table had when it was told may have been folded there; raised again it would come back.
    if (position.epoch !== held.epoch || position.number <= held.upTo) return;
    held.control.watermarks.raise(change.selector, change.mode, position.number, nowMs);
  }

  /** The history is another one: nothing that is on its way counts. */
  forked(): void {
    this.#asked = undefined;
  }

  /** Forgets all. */
  clear(): void {
    this.#held = undefined;
    this.#asked = undefined;
  }
}
