package dev.reprise.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads the fields of commands and writes values into answers. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static JsonNode parse(String line) throws JsonProcessingException {
    return MAPPER.readTree(line);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    if (list != null) list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  static boolean flag(JsonNode command, String name) {
    return command.path(name).asBoolean(false);
  }

  static Duration duration(JsonNode ms) {
    return Duration.ofNanos(Math.round(ms.asDouble() * 1e6));
  }

  static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** The value that a command means. */
  static Object value(JsonNode value) {
    if (value == null) return null;
    if (value.has("raw")) return Base64.getDecoder().decode(value.get("raw").asText());
    if (value.has("special")) return Double.NaN;
    return MAPPER.convertValue(value.get("json"), Object.class);
  }

  static ObjectNode value(Object value) {
    if (value instanceof byte[] bytes)
      return object().put("raw", Base64.getEncoder().encodeToString(bytes));
    return object().set("json", MAPPER.valueToTree(value));
  }
}
