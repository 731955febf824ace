import { randomBytes } from 'node:crypto';

/** Where randomness comes from. Injected, so that a test's seed decides. */
export interface Random {
  /** A float in [0, 1). Not for secrets. */
  float(): number;
  /** `bytes` random bytes as hex digits, from a cryptographic source. */
  hex(bytes: number): string;
}

/** The machine's randomness. */
export const systemRandom: Random = {
  float: () => Math.random(),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};
