package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.ChangeCause;
import dev.reprise.RepriseClient;
import dev.reprise.SubscribeOptions;
import dev.reprise.SubscriptionState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The subscriptions of scenarios. */
final class Listening {
  private final Map<String, Listener> byName = new ConcurrentHashMap<>();

  ObjectNode subscribe(RepriseClient client, JsonNode command) {
    List<SubscriptionState> states = new CopyOnWriteArrayList<>();
    boolean changesAlone = command.path("view").asText().equals("changes");
    byName.put(
        command.get("subscription").asText(),
        new Listener(
            client.subscribe(options(command).onState(states::add)), changesAlone, states));
    return Json.object();
  }

  CompletableFuture<ObjectNode> take(JsonNode command) {
    Listener listener = of(command);
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    Thread taker =
        new Thread(
            () -> {
              try {
                answer.complete(listener.take(command));
              } catch (Exception failed) {
                answer.completeExceptionally(failed);
              }
            });
    taker.setDaemon(true);
    taker.start();
    return answer;
  }

  ObjectNode state(JsonNode command) {
    return of(command).state();
  }

  ObjectNode unsubscribe(JsonNode command) {
    of(command).close();
    return Json.object();
  }

  void reset() {
    byName.values().forEach(Listener::close);
    byName.clear();
  }

  private Listener of(JsonNode command) {
    Listener listener = byName.get(command.get("subscription").asText());
    if (listener == null) throw new IllegalArgumentException("There is no such subscription");
    return listener;
  }

  private static SubscribeOptions options(JsonNode command) {
    SubscribeOptions options =
        SubscribeOptions.defaults()
            .prefixes(Json.texts(command.get("prefixes")))
            .tags(Json.texts(command.get("tags")))
            .keys(Json.texts(command.get("keys")))
            .causes(Json.texts(command.get("causes")).stream().map(ChangeCause::valueOf).toList());
    if (command.hasNonNull("includeOwn"))
      options = options.includeOwn(Json.flag(command, "includeOwn"));
    if (command.hasNonNull("resumeToken"))
      options = options.resumeToken(command.get("resumeToken").asText());
    return command.hasNonNull("progressIntervalMs")
        ? options.progressInterval(Json.duration(command.get("progressIntervalMs")))
        : options;
  }
}
