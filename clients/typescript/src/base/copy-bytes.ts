/** Bytes of a slab. */
const SLAB_BYTES = 64 * 1024;
/** What is larger has a buffer of its own, so that it is no large part of a slab that keeps it alive. */
const SHARING_BYTES_MAX = SLAB_BYTES / 16;

let slab = new ArrayBuffer(SLAB_BYTES);
let taken = 0;

/**
 * Returns a copy of bytes. Small ones share a buffer with other copies, never a byte of it: a buffer of its own each takes
 * several times as long.
 */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > SHARING_BYTES_MAX) return new Uint8Array(bytes);
  if (taken + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    taken = 0;
  }
  const copy = new Uint8Array(slab, taken, length);
  copy.set(bytes);
  // Aligned, as a codec may look at it as numbers.
  taken += (length + 7) & ~7;
  return copy;
}
