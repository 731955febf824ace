import type { Ancestor, EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Told } from '../partition-store.ts';
import { EPOCH_BYTES, POSITION_BYTES, readEpoch, readPosition } from './position-codec.ts';

/** An answer of a script, its beginning read. */
export interface Reply {
  readonly told: Told;
  /** What follows, as the script says. */
  readonly parts: readonly unknown[];
}

/**
 * Reads what every answer begins with; `undefined` if the partition has no history yet.
 *
 * @param known the chain whose epoch the asker named: the answer leaves out the ancestors of that one
 */
export function readReply(answer: unknown, server: string, known: EpochChain | undefined): Reply | undefined {
  const [epoch, ancestors, head, nowMs, ...parts] = answer as [
    Buffer,
    Buffer | undefined,
    number,
    number,
    ...unknown[],
  ];
  if (epoch.length !== EPOCH_BYTES) return undefined;
  const chain = ancestors instanceof Buffer || known === undefined ? readChain(epoch, ancestors) : known;
  return { told: { chain, head, nowMs, server }, parts };
}

function readChain(epoch: Buffer, bytes: Buffer | undefined): EpochChain {
  const ancestors: Ancestor[] = [];
  for (let at = 0; at < (bytes?.length ?? 0); at += POSITION_BYTES) {
    const { epoch: ancestor, number } = readPosition(bytes!, at);
    ancestors.push({ epoch: ancestor, fork: number });
  }
  return { epoch: readEpoch(epoch), ancestors };
}
