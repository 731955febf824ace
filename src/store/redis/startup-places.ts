import type { Address } from './address.ts';
import type { Finding } from './startup-finding.ts';

/** A primary to look at, and the hash tags of the partitions it serves. */
export interface PrimaryPlace {
  readonly address: Address;
  readonly tags: readonly string[];
}

/** Where the primaries are, as far as can be found out, and what is wrong with how they stand. */
export interface Places {
  readonly primaries: readonly PrimaryPlace[];
  readonly findings: readonly Finding[];
}
