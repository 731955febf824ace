/** Turns values into bytes and back. The content type says on the way back who wrote the bytes. */
export interface Codec {
  /** At most 255 bytes, such as `application/json`. Kept with the entry. */
  readonly contentType: string;
  /** Returns a value's bytes. Throws for a value it has no bytes for: the client makes it a CodecError. */
  encode(value: unknown): Uint8Array;
  /**
   * True: what `decode` returns shares no memory with its bytes. The near cache then need not copy them for each reader.
   * Default: it may be a view of them.
   */
  readonly detaches?: boolean;
  /** Returns the value of bytes. Throws for bytes that are none: the client makes it a CodecError. */
  decode(bytes: Uint8Array): unknown;
}
