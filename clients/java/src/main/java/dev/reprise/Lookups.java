package dev.reprise;

import dev.reprise.v1.GetResponse;
import dev.reprise.v1.Hit;
import dev.reprise.v1.Miss;
import dev.reprise.v1.NotModified;
import java.util.List;

/** Makes lookups of answers. */
final class Lookups {
  private Lookups() {}

  static <T> Lookup<T> of(GetResponse answer, ValueType<T> type, Codecs codecs) {
    return switch (answer.getResultCase()) {
      case HIT -> hit(answer.getHit(), type, codecs);
      case NOT_MODIFIED -> new Lookup.NotModified<>(entry(answer.getNotModified()));
      case MISS -> miss(answer.getMiss());
      case RESULT_NOT_SET -> new Lookup.Miss<>(MissReason.UNKNOWN, "");
    };
  }

  private static <T> Lookup<T> hit(Hit hit, ValueType<T> type, Codecs codecs) {
    // A kind of content that was added to the contract later can't be served.
    if (hit.getContentCase() == Hit.ContentCase.CONTENT_NOT_SET)
      return new Lookup.Miss<>(MissReason.UNKNOWN, "");
    if (hit.hasNegative()) return new Lookup.Negative<>(entry(hit));
    return new Lookup.Hit<>(codecs.decode(hit.getValue(), hit.getContentType(), type), entry(hit));
  }

  private static <T> Lookup<T> miss(Miss miss) {
    MissReason reason =
        Protos.named(MissReason.class, miss.getReason(), "MISS_REASON_", MissReason.UNKNOWN);
    return new Lookup.Miss<>(reason, miss.getFence());
  }

  private static Lookup.Entry entry(Hit hit) {
    return new Lookup.Entry(
        hit.getRevision(),
        hit.getContentType(),
        Durations.fromProto(hit.getFreshFor()),
        Durations.fromProto(hit.getKeepFor()),
        Protos.instant(hit.getExpireTime()),
        hit.getStale(),
        hit.getUnverified(),
        List.copyOf(hit.getTagsList()));
  }

  private static Lookup.Entry entry(NotModified same) {
    return new Lookup.Entry(
        same.getRevision(),
        "",
        Durations.fromProto(same.getFreshFor()),
        Durations.fromProto(same.getKeepFor()),
        Protos.instant(same.getExpireTime()),
        same.getStale(),
        false,
        List.of());
  }
}
