import type { Epoch, Position } from '../../cache/rules/position.ts';

/** Bytes of a packed position: the number in 6, the epoch in 8. */
export const POSITION_BYTES = 14;

/** Bytes of a packed number or time: enough for 2^48. */
export const NUMBER_BYTES = 6;

/** Bytes of a packed epoch. */
export const EPOCH_BYTES = 8;

/** In the place of a packed position where there is none: no change has number 0. */
export const NO_POSITION = Buffer.alloc(POSITION_BYTES);

/** Packs a position. */
export function packPosition({ number, epoch }: Position): Buffer {
  const bytes = Buffer.alloc(POSITION_BYTES);
  bytes.writeUIntBE(number, 0, NUMBER_BYTES);
  bytes.write(epoch, NUMBER_BYTES, 'hex');
  return bytes;
}

/** Packs a number, or a time in milliseconds. */
export function packNumber(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(NUMBER_BYTES);
  bytes.writeUIntBE(number, 0, NUMBER_BYTES);
  return bytes;
}

/** Reads a number, or a time in milliseconds. */
export function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUIntBE(at, NUMBER_BYTES);
}

/** The epoch that was read last: nearly all positions name the one in force. */
let known = { high: 0, low: 0, epoch: '0000000000000000' as Epoch };

/**
 * Reads an epoch. One that was read just before is the same string: every entry in L1 holds two, which would take as much
 * memory as its value. Plain form: always `toString('hex')`.
 */
export function readEpoch(bytes: Buffer, at = 0): Epoch {
  const [high, low] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
  if (high !== known.high || low !== known.low) {
    known = { high, low, epoch: bytes.toString('hex', at, at + EPOCH_BYTES) as Epoch };
  }
  return known.epoch;
}

/** Reads a position. */
export function readPosition(bytes: Buffer, at: number): Position {
  return { epoch: readEpoch(bytes, at + NUMBER_BYTES), number: readNumber(bytes, at) };
}
