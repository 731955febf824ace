import type { Epoch } from './rules/position.ts';
import type { Placed, TokenContent } from './rules/token.ts';

const ID_BYTES = 8;
const NUMBER_BYTES = 6;
const PARTITION_BYTES = 2;
const HEADER_BYTES = ID_BYTES + NUMBER_BYTES;
const PLACED_BYTES = PARTITION_BYTES + ID_BYTES + NUMBER_BYTES;

/**
 * Returns a token's content as bytes: namespace id (8), time given in milliseconds (6), then for each position its
 * partition (2), epoch (8) and number (6). Numbers are big-endian; 6 bytes hold a million changes a second for 8 years.
 */
export function encodeToken(content: TokenContent): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + PLACED_BYTES * content.positions.length);
  bytes.write(content.namespaceId, 0, ID_BYTES, 'hex');
  bytes.writeUIntBE(content.givenAtMs, ID_BYTES, NUMBER_BYTES);
  let at = HEADER_BYTES;
  for (const { partition, position } of content.positions) {
    bytes.writeUInt16BE(partition, at);
    bytes.write(position.epoch, at + PARTITION_BYTES, ID_BYTES, 'hex');
    bytes.writeUIntBE(position.number, at + PARTITION_BYTES + ID_BYTES, NUMBER_BYTES);
    at += PLACED_BYTES;
  }
  return bytes;
}

/** Returns what `encodeToken` wrote; it is given only bytes whose seal fits. */
export function decodeToken(bytes: Buffer): TokenContent {
  const positions: Placed[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at += PLACED_BYTES) {
    const epoch = bytes.toString('hex', at + PARTITION_BYTES, at + PARTITION_BYTES + ID_BYTES) as Epoch;
    const number = bytes.readUIntBE(at + PARTITION_BYTES + ID_BYTES, NUMBER_BYTES);
    positions.push({ partition: bytes.readUInt16BE(at), position: { epoch, number } });
  }
  return {
    namespaceId: bytes.toString('hex', 0, ID_BYTES),
    givenAtMs: bytes.readUIntBE(ID_BYTES, NUMBER_BYTES),
    positions,
  };
}
