package dev.reprise;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;

/**
 * JSON by Jackson: UTF-8 without spaces. What JSON can't hold is refused and never guessed: a
 * number that is not one or is infinite, and bytes, for which there is {@link RawCodec}.
 */
public final class JsonCodec implements Codec {
  /** The codec with a mapper of its own, which knows Jackson's annotations and records. */
  public static final JsonCodec INSTANCE = new JsonCodec(JsonMapper.builder().build());

  private final ObjectMapper mapper;

  private JsonCodec(ObjectMapper mapper) {
    this.mapper = mapper.copy().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Returns a codec that maps classes as the application does.
   *
   * @param mapper the application's mapper, which is copied
   * @return the codec
   */
  public static JsonCodec of(ObjectMapper mapper) {
    return new JsonCodec(Objects.requireNonNull(mapper, "mapper"));
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public byte[] encode(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = new StrictJsonGenerator(mapper.createGenerator(bytes))) {
      mapper.writeValue(generator, value);
    } catch (IOException | IllegalArgumentException notJson) {
      throw new CodecException("The value is not JSON: " + Codecs.why(notJson), null);
    }
    return bytes.toByteArray();
  }

  @Override
  public <T> T decode(byte[] bytes, ValueType<T> type) {
    try {
      return mapper.readValue(bytes, mapper.constructType(type.type()));
    } catch (IOException | IllegalArgumentException notJson) {
      throw new CodecException(
          "The entry's JSON is not a " + type + ": " + Codecs.why(notJson), null);
    }
  }
}
