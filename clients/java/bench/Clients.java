package dev.reprise.bench;

import dev.reprise.Lookup;
import dev.reprise.RawCodec;
import dev.reprise.RepriseClient;
import dev.reprise.RepriseOptions;
import java.time.Duration;

/** Opens clients and looks at what they bring. */
final class Clients {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Clients() {}

  static RepriseClient open(Command command) {
    return RepriseClient.connect(
        command.address(),
        RepriseOptions.defaults()
            .namespace(command.namespace())
            .codec(RawCodec.INSTANCE)
            .batching(command.who().equals("batching"))
            .deadline(DEADLINE));
  }

  static int bytesOf(Lookup<byte[]> found) {
    return found instanceof Lookup.Hit<byte[]> hit ? hit.value().length : 0;
  }

  static int get(RepriseClient client, Command command) {
    return bytesOf(client.get(command.keys().get(0), byte[].class));
  }

  static int getMany(RepriseClient client, Command command) {
    var bytes = 0;
    for (Lookup<byte[]> found : client.getMany(command.keys(), byte[].class).values()) {
      bytes += bytesOf(found);
    }
    return bytes;
  }
}
