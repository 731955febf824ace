package dev.reprise.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The driver of {@code make bench-clients}: reads commands from standard input, a JSON object a
 * line, measures one after the other, and answers each with one line: what was measured, or an
 * error.
 */
final class Main {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Main() {}

  public static void main(String[] args) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(JSON.writeValueAsString(answer(line)));
    }
    System.exit(0);
  }

  private static Map<String, Object> answer(String line) {
    try {
      return measure(parse(JSON.readTree(line)));
    } catch (Exception error) {
      return Map.of("error", error.toString());
    }
  }

  private static Map<String, Object> measure(Command command) throws Exception {
    return switch (command.does()) {
      case "gets" -> Counts.gets(command);
      case "batches" -> Counts.batches(command);
      case "latencies" -> Latencies.measure(command);
      default -> throw new IllegalArgumentException("nobody measures " + command.does());
    };
  }

  private static Command parse(JsonNode fields) {
    List<String> keys = new ArrayList<>();
    fields.get("keys").forEach(key -> keys.add(key.asText()));
    return new Command(
        fields.get("do").asText(),
        fields.get("who").asText(),
        fields.get("address").asText(),
        fields.get("namespace").asText(),
        keys,
        fields.get("valueBytes").asInt(),
        fields.get("seconds").asDouble(),
        fields.get("callers").asInt());
  }
}
