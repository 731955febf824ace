import type { Clock } from './base/clock.ts';
import type { Random } from './base/random.ts';
import type { CodecSet } from './codecs/codec-set.ts';
import type { OwnTokens } from './freshness/own-tokens.ts';
import type { NearCache } from './near/near-cache.ts';
import type { Caller } from './transport/caller.ts';

/** What the calls of one client share. */
export interface ClientParts {
  readonly caller: Caller;
  readonly namespace: string;
  readonly codecs: CodecSet;
  readonly own: OwnTokens;
  readonly near: NearCache | undefined;
  /** Readers of the near cache share decoded values. */
  readonly shareDecoded: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** Bytes of a request id. */
const REQUEST_ID_BYTES = 16;

/** Returns the id of a change, the same in each try, so that a retry is applied once. */
export function newRequestId(random: Random): string {
  return random.hex(REQUEST_ID_BYTES);
}
