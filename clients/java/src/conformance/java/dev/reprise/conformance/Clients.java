package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.Codec;
import dev.reprise.JsonCodec;
import dev.reprise.MsgpackCodec;
import dev.reprise.RawCodec;
import dev.reprise.RepriseClient;
import dev.reprise.RepriseOptions;
import dev.reprise.TlsOptions;
import dev.reprise.ValueType;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that scenarios have opened. */
final class Clients {
  private final Map<String, RepriseClient> byName = new ConcurrentHashMap<>();
  private final Map<String, ValueType<?>> types = new ConcurrentHashMap<>();

  ObjectNode open(JsonNode command) {
    if (command.hasNonNull("nearCache")) throw new Errors.NotSupported("nearCache");
    RepriseClient client =
        RepriseClient.connect(Json.texts(command.get("targets")), options(command));
    String name = command.get("client").asText();
    byName.put(name, client);
    types.put(name, Json.flag(command, "unknownAsRaw") ? ValueType.BYTES : ValueType.OBJECT);
    return Json.object().put("origin", client.origin());
  }

  ObjectNode close(JsonNode command) {
    of(command).close();
    return Json.object();
  }

  RepriseClient of(JsonNode command) {
    RepriseClient client = byName.get(command.get("client").asText());
    if (client == null) throw new IllegalArgumentException("There is no such client");
    return client;
  }

  /** What the client's reads ask for. */
  ValueType<?> typeOf(JsonNode command) {
    return types.get(command.get("client").asText());
  }

  void reset() {
    byName.values().forEach(RepriseClient::close);
    byName.clear();
    types.clear();
  }

  private static RepriseOptions options(JsonNode command) {
    RepriseOptions options = RepriseOptions.defaults();
    if (command.hasNonNull("namespace"))
      options = options.namespace(command.get("namespace").asText());
    if (command.hasNonNull("deadlineMs"))
      options = options.deadline(Json.duration(command.get("deadlineMs")));
    if (command.hasNonNull("maxLagMs"))
      options = options.maxLag(Json.duration(command.get("maxLagMs")));
    if (command.hasNonNull("passThrough"))
      options = options.passThrough(Json.flag(command, "passThrough"));
    if (command.hasNonNull("batching")) options = options.batching(Json.flag(command, "batching"));
    if (command.hasNonNull("codec")) options = options.codec(codec(command.get("codec").asText()));
    if (command.hasNonNull("insecure")) options = options.insecure(Json.flag(command, "insecure"));
    if (command.hasNonNull("credential"))
      options = options.credential(command.get("credential").asText());
    if (command.hasNonNull("tls")) options = options.tls(tls(command.get("tls")));
    return options;
  }

  private static Codec codec(String name) {
    return switch (name) {
      case "json" -> JsonCodec.INSTANCE;
      case "raw" -> RawCodec.INSTANCE;
      case "msgpack" -> MsgpackCodec.INSTANCE;
      default -> throw new Errors.NotSupported(name);
    };
  }

  private static TlsOptions tls(JsonNode given) {
    TlsOptions tls = TlsOptions.defaults();
    if (given.hasNonNull("ca")) tls = tls.ca(Path.of(given.get("ca").asText()));
    if (given.hasNonNull("cert")) {
      tls =
          tls.certificate(Path.of(given.get("cert").asText()), Path.of(given.get("key").asText()));
    }
    if (given.hasNonNull("serverName")) tls = tls.serverName(given.get("serverName").asText());
    return tls;
  }
}
