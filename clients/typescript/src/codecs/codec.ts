/** Turns values into bytes and back. The content type says on the way back who wrote the bytes. */
export interface Codec {
  /** At most 255 bytes, such as `application/json`. Kept with the entry. */
  readonly contentType: string;
  /** Returns a value's bytes. Throws for a value it has no bytes for: the client makes it a CodecError. */
  encode(value: unknown): Uint8Array;
  /** Returns the value of bytes. Throws for bytes that are none: the client makes it a CodecError. */
  decode(bytes: Uint8Array): unknown;
}
