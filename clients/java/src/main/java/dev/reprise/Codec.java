package dev.reprise;

/**
 * Turns values into bytes and back. A codec is used by many threads at once.
 *
 * @see JsonCodec
 * @see RawCodec
 * @see MsgpackCodec
 */
public interface Codec {
  /**
   * Names what {@link #encode} makes. Entries with this content type are decoded by this codec.
   *
   * @return the content type in lower case, without parameters
   */
  String contentType();

  /**
   * Encodes a value.
   *
   * @param value the value, which may be null
   * @return its bytes, which the codec keeps no hand on
   * @throws CodecException if the value has no such form
   */
  byte[] encode(Object value);

  /**
   * Decodes a value.
   *
   * @param <T> the type asked for
   * @param bytes what was stored
   * @param type the type asked for
   * @return the value, which may be null
   * @throws CodecException if the bytes are no such value
   */
  <T> T decode(byte[] bytes, ValueType<T> type);
}
