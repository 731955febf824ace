package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Begins each command and keeps what may be cancelled. */
final class Commands {
  private static final List<String> FEATURES =
      List.of(
          "batching",
          "get_or_compute",
          "early_refresh",
          "subscribe",
          "pass_through",
          "codec_raw",
          "codec_msgpack",
          "cancel",
          "latest",
          "invalidate_options",
          "conditions",
          "deadline_per_call",
          "failover",
          "credential",
          "tls",
          "token");

  private final Clients clients = new Clients();
  private final Computing computing = new Computing();
  private final Listening listening = new Listening();

  /** What runs, by the command's id. */
  private final Map<Integer, CompletableFuture<?>> running = new ConcurrentHashMap<>();

  CompletableFuture<ObjectNode> begin(JsonNode command) {
    try {
      return Main.answer(dispatch(command));
    } catch (RuntimeException refused) {
      return Main.answer(CompletableFuture.failedFuture(refused));
    }
  }

  void reset() {
    listening.reset();
    computing.reset();
    clients.reset();
    running.clear();
  }

  private CompletableFuture<? extends JsonNode> dispatch(JsonNode command) {
    return switch (command.get("do").asText()) {
      case "hello" -> done(hello());
      case "reset" -> {
        reset();
        yield done(Json.object());
      }
      case "parallel" -> parallel(command.get("commands"));
      case "cancel" -> {
        CompletableFuture<?> call = running.get(command.get("command").asInt());
        if (call != null) call.cancel(true);
        yield done(Json.object());
      }
      case "open" -> done(clients.open(command));
      case "close" -> done(clients.close(command));
      case "get_or_compute" ->
          computing.getOrCompute(clients.of(command), command, call -> keep(command, call));
      case "computed" -> done(computing.computed(command));
      case "release" -> done(computing.release(command));
      case "subscribe" -> done(listening.subscribe(clients.of(command), command));
      case "take" -> listening.take(command);
      case "state" -> done(listening.state(command));
      case "unsubscribe" -> done(listening.unsubscribe(command));
      default -> new Calls(clients, call -> keep(command, call)).begin(command);
    };
  }

  private void keep(JsonNode command, CompletableFuture<?> call) {
    if (command.has("id")) running.put(command.get("id").asInt(), call);
  }

  private CompletableFuture<ArrayNode> parallel(JsonNode commands) {
    List<CompletableFuture<ObjectNode>> begun = new ArrayList<>();
    commands.forEach(command -> begun.add(begin(command)));
    return CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            nothing -> {
              ArrayNode answers = Json.MAPPER.createArrayNode();
              begun.forEach(answer -> answers.add(answer.join()));
              return answers;
            });
  }

  private static ObjectNode hello() {
    ObjectNode hello = Json.object().put("language", "java");
    FEATURES.forEach(hello.putArray("features")::add);
    return hello;
  }

  private static CompletableFuture<ObjectNode> done(ObjectNode answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
