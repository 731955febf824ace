/** Random id of one partition's history: 16 hexadecimal digits. */
export type Epoch = string & { readonly brand: 'Epoch' };

/** Number of a partition: 0 up to the deployment's partition count. */
export type Partition = number;

/**
 * A place in a partition's log: the change with this number, in the history with this epoch. Number 0 is before the
 * first change.
 */
export interface Position {
  readonly epoch: Epoch;
  readonly number: number;
}

/** Tells whether two positions name the same change. */
export function samePosition(a: Position, b: Position): boolean {
  return a.number === b.number && a.epoch === b.epoch;
}
