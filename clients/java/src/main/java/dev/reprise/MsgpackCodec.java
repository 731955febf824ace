package dev.reprise;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.msgpack.core.MessagePackException;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/** MessagePack: as JSON, but smaller, and with bytes. */
public final class MsgpackCodec implements Codec {
  /** The codec. */
  public static final MsgpackCodec INSTANCE = new MsgpackCodec();

  private final ObjectMapper mapper = new MessagePackMapper();

  private MsgpackCodec() {}

  @Override
  public String contentType() {
    return "application/msgpack";
  }

  @Override
  public byte[] encode(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (IOException | IllegalArgumentException notMsgpack) {
      throw new CodecException(
          "The value has no MessagePack form: " + Codecs.why(notMsgpack), null);
    }
  }

  @Override
  public <T> T decode(byte[] bytes, ValueType<T> type) {
    try (JsonParser parser = mapper.createParser(bytes)) {
      T value = mapper.readValue(parser, mapper.constructType(type.type()));
      if (isAtEnd(parser)) return value;
      throw new CodecException("Something comes after the entry's MessagePack", null);
    } catch (IOException | IllegalArgumentException | MessagePackException notMsgpack) {
      throw new CodecException(
          "The entry's MessagePack is not a " + type + ": " + Codecs.why(notMsgpack), null);
    }
  }

  /** Asked for a token after the last, this parser throws. */
  private static boolean isAtEnd(JsonParser parser) throws IOException {
    try {
      return parser.nextToken() == null;
    } catch (JsonEOFException end) {
      return true;
    }
  }
}
