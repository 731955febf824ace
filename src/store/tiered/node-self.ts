import type { Random } from '../../base/random.ts';
import type { Registration } from '../partition-store.ts';
import type { ToldUpTo } from '../receipt.ts';
import type { PartitionView } from './partition-view.ts';

/** Who this node is to the others. */
export interface NodeSelf {
  readonly id: string;
  readonly name: string;
  /** Milliseconds after the send of a heartbeat for which it may answer without asking anybody. */
  readonly trustedMs: number;
  readonly toldUpTo: ToldUpTo;
}

/** Returns who a node is: a random id, which is its name too where it was given none. */
export function nodeSelf(
  { random, nodeName }: { readonly random: Random; readonly nodeName?: string },
  trustedMs: number,
  toldUpTo: ToldUpTo,
): NodeSelf {
  const id = random.bytes(8).toString('hex');
  return { id, name: nodeName ?? id, trustedMs, toldUpTo };
}

/** Returns what a heartbeat that is sent now registers. Where nobody subscribed, all that was applied was told. */
export function registrationOf({ toldUpTo, ...self }: NodeSelf, { partition, moment }: PartitionView): Registration {
  const applied = moment[0]?.position;
  return { ...self, applied, streamed: toldUpTo(partition) ?? applied };
}
