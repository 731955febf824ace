package dev.reprise;

import dev.reprise.v1.Event;
import dev.reprise.v1.EventCause;
import dev.reprise.v1.Events;
import dev.reprise.v1.SubscribeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Between a stream's messages and those of a subscription. */
final class Changes {
  private Changes() {}

  static SubscribeRequest request(String namespace, SubscribeOptions options, String token) {
    SubscribeRequest.Builder request =
        SubscribeRequest.newBuilder()
            .setNamespace(namespace)
            .addAllPrefixes(options.prefixes)
            .addAllTags(options.tags)
            .addAllKeys(options.keys)
            .setResumeToken(token)
            .setIncludeOwn(options.includeOwn)
            .setEpochs(options.epochs);
    for (ChangeCause cause : options.causes) {
      if (cause != ChangeCause.OTHER)
        request.addCauses(EventCause.valueOf("EVENT_CAUSE_" + cause.name()));
    }
    if (options.progressInterval != null) {
      request.setProgressInterval(Durations.toProto(options.progressInterval));
    }
    return request.build();
  }

  /** The last one alone carries the token: only then all changes up to it were told. */
  static List<StreamMessage.Changed> of(Events events) {
    List<StreamMessage.Changed> changes = new ArrayList<>();
    int last = events.getEventsCount() - 1;
    for (int i = 0; i <= last; i++) {
      changes.add(
          new StreamMessage.Changed(of(events.getEvents(i)), i == last ? events.getToken() : ""));
    }
    return changes;
  }

  private static Change of(Event event) {
    return new Change(
        target(event),
        Protos.named(ChangeCause.class, event.getCause(), "EVENT_CAUSE_", ChangeCause.OTHER),
        mode(event),
        event.getRevision(),
        event.getActor(),
        event.getTraceparent());
  }

  private static Change.Target target(Event event) {
    return switch (event.getTargetCase()) {
      case KEY -> new Change.Target.Key(event.getKey());
      case TAG -> new Change.Target.Tag(event.getTag());
      case PREFIX -> new Change.Target.Prefix(event.getPrefix());
      // A target that was added later may be anything.
      case WHOLE_NAMESPACE, TARGET_NOT_SET -> new Change.Target.WholeNamespace();
    };
  }

  private static Optional<InvalidationMode> mode(Event event) {
    return Optional.ofNullable(
        Protos.named(InvalidationMode.class, event.getMode(), "INVALIDATION_MODE_", null));
  }
}
