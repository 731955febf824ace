import type { Epoch } from '../../cache/rules/position.ts';
import type { PartitionGuard } from '../partition-store.ts';
import { EPOCH_BYTES, NUMBER_BYTES, packNumber, packPosition } from './position-codec.ts';

const LEASE_ID = /^([0-9a-f]{16})\.(\d{1,15})$/;

/** Packs a guard for the scripts: a letter for its kind, then what it names. */
export function packGuard(guard: PartitionGuard, fenceAgeMsMax: number): Buffer {
  switch (guard.kind) {
    case 'none':
      return letter('n');
    case 'unchanged':
      return guard.position === undefined ? letter('u') : Buffer.concat([letter('u'), packPosition(guard.position)]);
    case 'lease':
      return Buffer.concat([letter('l'), packLeaseId(guard.leaseId)]);
    case 'fence': {
      const { head, givenAtMs } = guard.fence;
      return Buffer.concat([letter('f'), packPosition(head), packNumber(givenAtMs), packNumber(fenceAgeMsMax)]);
    }
  }
}

/** Packs the id of a lease: its count, then its epoch. What is no id becomes one that no lease has: the count 0. */
export function packLeaseId(leaseId: string): Buffer {
  const [, epoch, count] = LEASE_ID.exec(leaseId) ?? [];
  const bytes = Buffer.alloc(NUMBER_BYTES + EPOCH_BYTES);
  if (epoch === undefined || String(Number(count)) !== count || Number(count) >= 2 ** 48) return bytes;
  return packPosition({ epoch: epoch as Epoch, number: Number(count) });
}

function letter(kind: string): Buffer {
  return Buffer.from(kind, 'latin1');
}
