import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import { fenceStands } from '../../cache/rules/fence.ts';
import { positionIn } from '../../cache/rules/moment.ts';
import { samePosition } from '../../cache/rules/position.ts';
import type { Guard, StoredEntry } from '../store.ts';
import { PARTITION } from './change-facts.ts';
import type { Leases } from './leases.ts';
import type { Tombstones } from './tombstones.ts';

/** What the store knows of a key when a guarded change of it arrives. */
export interface GuardFacts {
  readonly key: string;
  /** The stored entry, unless it is gone. */
  readonly entry: StoredEntry | undefined;
  readonly leases: Leases;
  readonly tombstones: Tombstones;
  readonly chain: EpochChain;
  readonly nowMs: number;
}

/** Tells whether a change may be applied. */
export function guardHolds(guard: Guard, facts: GuardFacts): boolean {
  const { key, entry, nowMs } = facts;
  switch (guard.kind) {
    case 'none':
      return true;
    case 'unchanged':
      if (entry === undefined) return guard.position === undefined;
      return guard.position !== undefined && samePosition(entry.position, guard.position);
    case 'lease':
      return facts.leases.held(key, nowMs)?.id === guard.leaseId;
    case 'fence': {
      const { moment, givenAtMs } = guard.fence;
      const head = positionIn(moment, PARTITION);
      if (head === undefined) return false;
      const { floor } = facts.tombstones;
      const newestChange = Math.max(entry?.position.number ?? 0, facts.tombstones.numberOf(key));
      return fenceStands({ head, givenAtMs }, { chain: facts.chain, newestChange, floor, nowMs });
    }
  }
}
