import type { ClientParts } from '../client-parts.ts';

/** A change of keys. */
export interface KeyChange<A> {
  readonly keys: readonly string[];
  readonly send: () => Promise<A>;
  /** The answer's token; empty if nothing was changed, or no store took it. */
  readonly tokenOf: (answer: A) => string;
}

/**
 * Makes a change, and sees to it that this client reads nothing older afterwards: its near cache drops the keys before and
 * after it, since nobody knows when in between it happens, and later reads carry its token.
 */
export async function makeChange<A>({ near, own }: ClientParts, { keys, send, tokenOf }: KeyChange<A>): Promise<A> {
  near?.ownChange(keys);
  try {
    const answer = await send();
    own.wrote(keys, tokenOf(answer));
    return answer;
  } finally {
    near?.ownChange(keys);
  }
}
