import { randomBytes } from 'node:crypto';

/** Where randomness comes from. Injected, so that a test's seed decides. */
export interface Random {
  /** A float in [0, 1). Not for secrets. */
  float(): number;
  /** `count` bytes from a cryptographic source. */
  bytes(count: number): Buffer;
}

/** The machine's randomness. */
export const systemRandom: Random = {
  float: () => Math.random(),
  bytes: (count) => randomBytes(count),
};
