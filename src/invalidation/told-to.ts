import { type Moment, positionIn } from '../cache/rules/moment.ts';
import type { Epoch, Partition, Position } from '../cache/rules/position.ts';
import type { SubscriptionState } from './subscription-state.ts';

/** How far one subscriber is. */
export interface Hearing {
  readonly state: SubscriptionState;
  /** Up to here its connection has taken everything; `undefined` before its first message, empty if it must be told Reset. */
  readonly taken: Moment | undefined;
  /** Nothing is on its way to it, and nothing waits. */
  readonly idle: boolean;
}

/** Before the first change of any history. */
const NOTHING: Position = { epoch: '' as Epoch, number: 0 };

/**
 * Returns up to where a subscriber was told what happened on a partition, or was told Reset in its place. `undefined` if
 * it does not rely on this stream: it has not begun, or ends and goes on elsewhere.
 *
 * @param told what all who are up to date were told
 */
export function toldTo(
  partition: Partition,
  told: Position | undefined,
  { state, taken, idle }: Hearing,
): Position | undefined {
  if (taken === undefined) return undefined;
  switch (state.kind) {
    case 'waiting':
    case 'leaving':
    case 'closed':
      return undefined;
    case 'lost':
      return NOTHING;
    case 'replaying':
      return positionIn(idle ? state.scanned : taken, partition) ?? NOTHING;
    case 'live':
      return (idle ? told : positionIn(taken, partition)) ?? NOTHING;
  }
}
