import { copyBytes } from '../base/copy-bytes.ts';
import { CodecError } from '../errors.ts';
import type { Codec } from './codec.ts';
import { jsonCodec } from './json.ts';
import { msgpackCodec } from './msgpack.ts';
import { rawCodec } from './raw.ts';

/** A value in the form in which it is stored. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** The codecs that a client knows: one to write with, all to read with. */
export interface CodecSet {
  /** Throws a CodecError. */
  encode(value: unknown, codec?: Codec): Encoded;
  /** Decodes by content type. Throws a CodecError. `unknownAsBytes`: bytes that nobody knows are returned as they are. */
  decode(encoded: Encoded, unknownAsBytes?: boolean): unknown;
  /** The same, where the bytes go on being used: what is returned shares no memory with them. */
  decodeCopy(encoded: Encoded, unknownAsBytes?: boolean): unknown;
}

/** Returns the codecs of a client: what it writes with, and what it can read beside the built-in ones. */
export function codecSet(writer: Codec, others: readonly Codec[], unknownAsBytesByDefault: boolean): CodecSet {
  const readers = new Map(
    [jsonCodec, rawCodec, msgpackCodec, ...others, writer].map((codec) => [codec.contentType, codec]),
  );
  return {
    encode: (value, codec = writer) => ({ bytes: encodeWith(codec, value), contentType: codec.contentType }),
    decode({ bytes, contentType }, unknownAsBytes = unknownAsBytesByDefault) {
      const codec = readers.get(contentType) ?? noCodec(unknownAsBytes);
      return decodeWith(codec, plainBytes(bytes));
    },
    decodeCopy({ bytes, contentType }, unknownAsBytes = unknownAsBytesByDefault) {
      const codec = readers.get(contentType) ?? noCodec(unknownAsBytes);
      return decodeWith(codec, codec.detaches ? plainBytes(bytes) : copyBytes(bytes));
    },
  };
}

function noCodec(unknownAsBytes: boolean): Codec {
  if (unknownAsBytes) return rawCodec;
  throw new CodecError('No codec of this client reads the content type of the entry.');
}

/** A plain Uint8Array, where the bytes came as Node's Buffer: codecs and callers get the same from everywhere. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes;
}

function encodeWith(codec: Codec, value: unknown): Uint8Array {
  try {
    return codec.encode(value);
  } catch (cause) {
    throw new CodecError(`The value can't be written as ${codec.contentType}.`, {}, { cause });
  }
}

function decodeWith(codec: Codec, bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    throw new CodecError(`The bytes of the entry are no ${codec.contentType}.`, {}, { cause });
  }
}
