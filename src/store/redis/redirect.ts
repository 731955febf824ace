import type { Address } from './address.ts';
import { SLOTS } from './key-slot.ts';

/** Where a node of a cluster says that a call belongs. */
export interface Redirect {
  /** For good, or for this call only: the slot is being moved. */
  readonly kind: 'moved' | 'ask';
  readonly slot: number;
  readonly address: Address;
}

const PATTERN = /^(?<kind>MOVED|ASK) (?<slot>\d{1,5}) (?<host>.+):(?<port>\d{1,5})$/;

/** Reads an error such as `MOVED 3999 127.0.0.1:6381`; `undefined` if it is none, or names no host. */
export function redirectOf(message: string): Redirect | undefined {
  const { kind, slot, host, port } = PATTERN.exec(message)?.groups ?? {};
  if (host === undefined || host === '?' || Number(slot) >= SLOTS) return undefined;
  return { kind: kind === 'ASK' ? 'ask' : 'moved', slot: Number(slot), address: { host, port: Number(port) } };
}
