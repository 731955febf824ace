import type { Partition, Position } from './position.ts';

/** Where a plain Set is applied, and what is known of the control partition. */
export interface PlainSet {
  readonly partition: Partition;
  readonly control: Partition;
  /** The Set's own position. */
  readonly own: Position;
  /** The control partition's head, read after the Set arrived and before it was sent to its partition. */
  readonly controlHead: Position | undefined;
}

/**
 * Returns the stamp of a Set without lease and fence. In the control partition itself its own position; elsewhere the
 * control head that was read before the write. Every invalidation that was acknowledged before the Set was sent lies
 * below both.
 */
export function plainStamp({ partition, control, own, controlHead }: PlainSet): Position | undefined {
  return partition === control ? own : controlHead;
}
