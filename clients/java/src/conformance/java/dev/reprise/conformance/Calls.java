package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.CallOptions;
import dev.reprise.ChangeOptions;
import dev.reprise.Condition;
import dev.reprise.GetOptions;
import dev.reprise.IncrementOptions;
import dev.reprise.InvalidateOptions;
import dev.reprise.InvalidateResult;
import dev.reprise.InvalidationMode;
import dev.reprise.RepriseClient;
import dev.reprise.SetItem;
import dev.reprise.SetOptions;
import dev.reprise.TouchOptions;
import dev.reprise.ValueType;
import dev.reprise.WaitFor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes the calls that have one answer. */
final class Calls {
  private final Clients clients;
  private final Consumer<CompletableFuture<?>> keep;

  Calls(Clients clients, Consumer<CompletableFuture<?>> keep) {
    this.clients = clients;
    this.keep = keep;
  }

  CompletableFuture<? extends JsonNode> begin(JsonNode command) {
    RepriseClient client = clients.of(command);
    String key = command.path("key").asText();
    return switch (command.get("do").asText()) {
      case "get" ->
          then(client.getAsync(key, clients.typeOf(command), reading(command)), Answers::lookup);
      case "set" ->
          then(
              client.setAsync(key, Json.value(command.get("value")), setting(command)),
              Answers::set);
      case "set_negative" -> then(client.setNegativeAsync(key, setting(command)), Answers::set);
      case "delete" -> then(client.deleteAsync(key, changing(command)), Answers::delete);
      case "touch" -> then(client.touchAsync(key, touching(command)), Answers::touch);
      case "increment" ->
          then(
              client.incrementAsync(key, number(command, "delta"), counting(command)),
              Answers::increment);
      case "exists" -> then(client.existsAsync(key, reading(command)), Answers::exists);
      case "get_many" -> getMany(client, clients.typeOf(command), command);
      case "set_many" ->
          then(
              client.setManyAsync(items(command), changing(command)),
              all -> list(all, Answers::set));
      case "delete_many" ->
          then(
              client.deleteManyAsync(Json.texts(command.get("keys")), changing(command)),
              all -> list(all, Answers::delete));
      case "invalidate" -> then(invalidate(client, command), Answers::invalidate);
      default -> throw new Errors.NotSupported(command.get("do").asText());
    };
  }

  private <T> CompletableFuture<ObjectNode> then(
      CompletableFuture<T> call, Function<T, ObjectNode> answer) {
    keep.accept(call);
    return call.thenApply(answer);
  }

  private <T> CompletableFuture<ObjectNode> getMany(
      RepriseClient client, ValueType<T> type, JsonNode command) {
    List<String> keys = Json.texts(command.get("keys"));
    return then(
        client.getManyAsync(keys, type, reading(command)),
        found -> list(keys, key -> Answers.lookup(found.get(key))));
  }

  private static <T> ObjectNode list(List<T> results, Function<T, ObjectNode> answer) {
    ObjectNode answers = Json.object();
    ArrayNode list = answers.putArray("results");
    results.forEach(result -> list.add(answer.apply(result)));
    return answers;
  }

  private static List<SetItem> items(JsonNode command) {
    List<SetItem> items = new ArrayList<>();
    for (JsonNode item : command.get("items")) {
      boolean negative = Json.flag(item, "negative");
      items.add(
          new SetItem(
              item.get("key").asText(), Json.value(item.get("value")), negative, setting(item)));
    }
    return items;
  }

  private static GetOptions reading(JsonNode command) {
    return within(GetOptions.defaults(), command)
        .allowStale(Json.flag(command, "allowStale"))
        .withTags(Json.flag(command, "withTags"))
        .latest(Json.flag(command, "latest"))
        .atLeast(Json.texts(command.get("atLeast")).toArray(String[]::new));
  }

  private static SetOptions setting(JsonNode command) {
    SetOptions options =
        within(SetOptions.defaults(), command).tags(Json.texts(command.get("tags")));
    if (command.hasNonNull("ttlMs")) options = options.ttl(Json.duration(command.get("ttlMs")));
    if (command.hasNonNull("staleWindowMs")) {
      options = options.staleWindow(Json.duration(command.get("staleWindowMs")));
    }
    return command.hasNonNull("condition")
        ? options.condition(condition(command.get("condition")))
        : options;
  }

  private static Condition condition(JsonNode condition) {
    if (condition.has("absent")) return Condition.absent();
    if (condition.has("present")) return Condition.present();
    if (condition.has("revision")) return Condition.revision(condition.get("revision").asText());
    return Condition.fence(condition.get("fence").asText());
  }

  private static TouchOptions touching(JsonNode command) {
    TouchOptions options = within(TouchOptions.defaults(), command);
    if (command.hasNonNull("ttlMs")) options = options.ttl(Json.duration(command.get("ttlMs")));
    return command.hasNonNull("staleWindowMs")
        ? options.staleWindow(Json.duration(command.get("staleWindowMs")))
        : options;
  }

  private static IncrementOptions counting(JsonNode command) {
    IncrementOptions options = within(IncrementOptions.defaults(), command);
    if (command.hasNonNull("initial")) options = options.initial(number(command, "initial"));
    return command.hasNonNull("ttlMs") ? options.ttl(Json.duration(command.get("ttlMs"))) : options;
  }

  private static CompletableFuture<InvalidateResult> invalidate(
      RepriseClient client, JsonNode command) {
    InvalidateOptions options =
        within(InvalidateOptions.defaults(), command).dryRun(Json.flag(command, "dryRun"));
    if (command.hasNonNull("mode"))
      options = options.mode(InvalidationMode.valueOf(command.get("mode").asText()));
    if (command.hasNonNull("wait"))
      options = options.waitFor(WaitFor.valueOf(command.get("wait").asText()));
    if (command.hasNonNull("affectedMax"))
      options = options.affectedMax(command.get("affectedMax").asLong());
    if (command.has("keys"))
      return client.invalidateKeysAsync(Json.texts(command.get("keys")), options);
    if (command.has("tags"))
      return client.invalidateTagsAsync(Json.texts(command.get("tags")), options);
    if (command.has("prefix"))
      return client.invalidatePrefixAsync(command.get("prefix").asText(), options);
    return client.invalidateAllAsync(options);
  }

  private static ChangeOptions changing(JsonNode command) {
    return within(ChangeOptions.defaults(), command);
  }

  private static long number(JsonNode command, String name) {
    return Long.parseLong(command.get(name).asText());
  }

  static <S extends CallOptions<S>> S within(S options, JsonNode command) {
    return command.hasNonNull("deadlineMs")
        ? options.deadline(Json.duration(command.get("deadlineMs")))
        : options;
  }
}
