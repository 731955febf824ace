package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.ComputeOptions;
import dev.reprise.RepriseClient;
import dev.reprise.ValueType;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Runs computations that scenarios describe. */
final class Computing {
  private final Map<String, Count> counts = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();

  private record Count(AtomicInteger begun, AtomicInteger ended) {
    Count() {
      this(new AtomicInteger(), new AtomicInteger());
    }
  }

  CompletableFuture<ObjectNode> getOrCompute(
      RepriseClient client, JsonNode command, Consumer<CompletableFuture<?>> keep) {
    JsonNode compute = command.get("compute");
    CompletableFuture<Object> call =
        client.getOrComputeAsync(
            command.get("key").asText(),
            ValueType.OBJECT,
            options(command),
            () -> compute(compute));
    keep.accept(call);
    return call.thenApply(
        value -> {
          ObjectNode answer = Json.object().put("computed", count(compute).begun().get());
          if (value == null) return answer.put("kind", "negative");
          answer.put("kind", "hit");
          return answer.set("value", Json.value(value));
        });
  }

  ObjectNode computed(JsonNode command) {
    Count count = counts.getOrDefault(command.get("compute").asText(), new Count());
    return Json.object().put("begun", count.begun().get()).put("ended", count.ended().get());
  }

  ObjectNode release(JsonNode command) {
    gate(command.get("gate").asText()).complete(null);
    return Json.object();
  }

  void reset() {
    gates.values().forEach(gate -> gate.complete(null));
    gates.clear();
    counts.clear();
  }

  private CompletableFuture<Object> compute(JsonNode compute) {
    Count count = count(compute);
    count.begun().incrementAndGet();
    CompletableFuture<Void> gate =
        compute.hasNonNull("gate")
            ? gate(compute.get("gate").asText())
            : CompletableFuture.completedFuture(null);
    return gate.thenApply(
        open -> {
          count.ended().incrementAndGet();
          if (compute.hasNonNull("throws")) throw new Errors.NoLuck(compute.get("throws").asText());
          return Json.flag(compute, "nothing") ? null : Json.value(compute.get("value"));
        });
  }

  private Count count(JsonNode compute) {
    return counts.computeIfAbsent(compute.get("name").asText(), name -> new Count());
  }

  private CompletableFuture<Void> gate(String name) {
    return gates.computeIfAbsent(name, closed -> new CompletableFuture<>());
  }

  private static ComputeOptions options(JsonNode command) {
    ComputeOptions options =
        Calls.within(ComputeOptions.defaults(), command).tags(Json.texts(command.get("tags")));
    if (command.hasNonNull("ttlMs")) options = options.ttl(Json.duration(command.get("ttlMs")));
    if (command.hasNonNull("staleWindowMs")) {
      options = options.staleWindow(Json.duration(command.get("staleWindowMs")));
    }
    if (command.hasNonNull("negativeTtlMs")) {
      options = options.negativeTtl(Json.duration(command.get("negativeTtlMs")));
    }
    if (command.hasNonNull("waitMs"))
      options = options.waitAtMost(Json.duration(command.get("waitMs")));
    if (command.hasNonNull("staleIfError"))
      options = options.staleIfError(Json.flag(command, "staleIfError"));
    return options;
  }
}
