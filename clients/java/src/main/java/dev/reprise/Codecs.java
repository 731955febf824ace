package dev.reprise;

import com.google.protobuf.ByteString;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the codec of a content type. Values are read by what they are, not by what this client
 * writes.
 */
final class Codecs {
  private final Map<String, Codec> byContentType = new HashMap<>();

  Codecs(List<Codec> own) {
    for (Codec codec : List.of(JsonCodec.INSTANCE, RawCodec.INSTANCE, MsgpackCodec.INSTANCE))
      add(codec);
    for (Codec codec : own) add(codec);
  }

  private void add(Codec codec) {
    byContentType.put(codec.contentType(), codec);
  }

  <T> T decode(ByteString value, String contentType, ValueType<T> type) {
    byte[] bytes = value.toByteArray();
    if (type == ValueType.STORED_BYTES) return cast(bytes);
    Codec codec = byContentType.get(bare(contentType));
    if (codec != null) return codec.decode(bytes, type);
    if (type.type() == byte[].class) return cast(bytes);
    if (bare(contentType).equals("text/plain")) return counter(bytes, type.type());
    throw new CodecException(
        "No codec knows the entry's content type: ask for byte[] to get what was stored", null);
  }

  /** What Increment writes is decimal text: whoever asks for a number or text gets it. */
  private static <T> T counter(byte[] bytes, Type type) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (type == String.class) return cast(text);
    if (type != Long.class)
      throw new CodecException("The entry is plain text: ask for Long, String or byte[]", null);
    try {
      return cast(Long.valueOf(text));
    } catch (NumberFormatException noNumber) {
      throw new CodecException("The entry's text is no number", null);
    }
  }

  /** The type parameter was compared with the class of the value before. */
  @SuppressWarnings("unchecked")
  private static <T> T cast(Object value) {
    return (T) value;
  }

  private static String bare(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Jackson's messages quote what they read: only the kind of the problem may leave. */
  static String why(Exception problem) {
    return problem.getClass().getSimpleName();
  }
}
