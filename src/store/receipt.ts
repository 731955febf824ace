import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Moment } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { NodeState, ReceiptGoal } from '../cache/rules/receipt.ts';

/** Asks how far every node has come with changes. */
export interface ReceiptWish {
  /** Where they happened: one position a partition. */
  readonly moment: Moment;
  readonly goal: ReceiptGoal;
  /** Milliseconds after which the answer is what is known by then. */
  readonly withinMs: number;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** How far one node has come. */
export interface NodeReceipt {
  /** Empty: nodes that may be there and that the store has not heard of since its history went on elsewhere. */
  readonly name: string;
  readonly state: NodeState;
  /** Milliseconds since the store last heard of it. */
  readonly silentMs: number;
}

/** Returns up to where all subscribers of a partition were told what happened; `undefined` if there are none. */
export type ToldUpTo = (partition: Partition) => Position | undefined;

/** What a store knows of the nodes that share it. A store of one process has one node: itself. */
export interface ReceiptStore {
  /**
   * Waits until every node has come as far as is wished, or is silent; then, or when the time is over, tells how far each
   * is, in the order of their names. Who can't be asked is behind: it never fails for the store's sake.
   */
  receipt(wish: ReceiptWish): MaybePromise<readonly NodeReceipt[]>;
  /** Learns whom to ask about this node's subscribers. Before that it has none. */
  learnStreams(toldUpTo: ToldUpTo): void;
}
