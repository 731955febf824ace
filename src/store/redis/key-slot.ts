/** Slots of a cluster. */
export const SLOTS = 16_384;

/** Returns the slot of a key or a channel: CRC16 (XMODEM) of what stands in its first pair of braces, or of all of it. */
export function keySlot(key: string): number {
  return tagSlot(hashedPart(key));
}

/** Returns the slot of all keys with this hash tag, given without its braces. */
export function tagSlot(tag: string): number {
  return crc16(Buffer.from(tag)) % SLOTS;
}

// As the cluster specification has it: from the first `{` to the first `}` after it, if anything stands between.
function hashedPart(key: string): string {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}

const POLYNOMIAL = 0x1021;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
  return crc;
});

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ byte]!;
  return crc;
}
