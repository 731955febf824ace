import type { Codec } from './codec.ts';

/** Bytes as they are: `Uint8Array` in, `Uint8Array` out. */
export const rawCodec: Codec = {
  contentType: 'application/octet-stream',
  encode(value) {
    if (value instanceof Uint8Array) return value;
    throw new TypeError('raw values are a Uint8Array');
  },
  decode: (bytes) => bytes,
};
