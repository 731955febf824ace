package dev.reprise;

import java.lang.reflect.Type;

/** Values are bytes already: {@code byte[]} in, {@code byte[]} out. */
public final class RawCodec implements Codec {
  /** The codec. */
  public static final RawCodec INSTANCE = new RawCodec();

  private RawCodec() {}

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public byte[] encode(Object value) {
    if (value instanceof byte[] bytes) return bytes;
    throw new CodecException("The raw codec takes byte[] alone", null);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> T decode(byte[] bytes, ValueType<T> type) {
    Type wanted = type.type();
    if (wanted == byte[].class || wanted == Object.class) return (T) bytes;
    throw new CodecException("The entry holds raw bytes: ask for byte[]", null);
  }
}
