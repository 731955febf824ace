package dev.reprise;

import com.google.protobuf.Empty;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import dev.reprise.v1.BatchSetItem;
import dev.reprise.v1.Incremented;
import dev.reprise.v1.NotIncremented;
import dev.reprise.v1.NotStored;
import dev.reprise.v1.SetRequest;
import dev.reprise.v1.Stored;
import dev.reprise.v1.Touched;
import java.time.Instant;

/** Between the messages of the contract and the types of the client. */
final class Protos {
  static final Empty EMPTY = Empty.getDefaultInstance();

  private Protos() {}

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** Finds the constant that has the name of the message's, without its prefix. */
  static <E extends Enum<E>> E named(
      Class<E> type, ProtocolMessageEnum constant, String prefix, E otherwise) {
    String name = constant.toString();
    for (E known : type.getEnumConstants()) {
      if (name.equals(prefix + known.name())) return known;
    }
    return otherwise;
  }

  static dev.reprise.v1.Condition condition(Condition condition) {
    var proto = dev.reprise.v1.Condition.newBuilder();
    if (condition instanceof Condition.Absent) return proto.setAbsent(EMPTY).build();
    if (condition instanceof Condition.Present) return proto.setPresent(EMPTY).build();
    if (condition instanceof Condition.Revision wanted)
      return proto.setRevision(wanted.revision()).build();
    if (condition instanceof Condition.LeaseHeld held)
      return proto.setLeaseId(held.leaseId()).build();
    return proto.setFence(((Condition.Fence) condition).fence()).build();
  }

  /** A Set and an item of a batch have the same fields. */
  static BatchSetItem item(SetRequest set) {
    BatchSetItem.Builder item = BatchSetItem.newBuilder().setKey(set.getKey());
    if (set.hasNegative()) item.setNegative(EMPTY);
    else item.setValue(set.getValue());
    if (set.hasTtl()) item.setTtl(set.getTtl());
    if (set.hasStaleWindow()) item.setStaleWindow(set.getStaleWindow());
    if (set.hasCondition()) item.setCondition(set.getCondition());
    return item.setContentType(set.getContentType()).addAllTags(set.getTagsList()).build();
  }

  static SetResult stored(Stored stored, String token) {
    return new SetResult.Stored(
        stored.getRevision(),
        token,
        Durations.fromProto(stored.getFreshFor()),
        Durations.fromProto(stored.getKeepFor()),
        instant(stored.getExpireTime()),
        stored.getLocal());
  }

  static SetResult notStored(NotStored refused) {
    NotStoredReason reason =
        named(
            NotStoredReason.class,
            refused.getReason(),
            "NOT_STORED_REASON_",
            NotStoredReason.OTHER);
    return new SetResult.NotStored(reason, refused.getRevision());
  }

  static TouchResult touched(Touched touched) {
    return new TouchResult.Touched(
        touched.getRevision(),
        touched.getToken(),
        Durations.fromProto(touched.getFreshFor()),
        Durations.fromProto(touched.getKeepFor()),
        instant(touched.getExpireTime()));
  }

  static IncrementResult incremented(Incremented counter) {
    return new IncrementResult.Incremented(
        counter.getValue(),
        counter.getRevision(),
        counter.getToken(),
        Durations.fromProto(counter.getFreshFor()),
        Durations.fromProto(counter.getKeepFor()),
        instant(counter.getExpireTime()));
  }

  static IncrementResult notIncremented(NotIncremented refused) {
    NotIncrementedReason reason =
        named(
            NotIncrementedReason.class,
            refused.getReason(),
            "NOT_INCREMENTED_REASON_",
            NotIncrementedReason.OTHER);
    return new IncrementResult.NotIncremented(reason, refused.getRevision());
  }
}
