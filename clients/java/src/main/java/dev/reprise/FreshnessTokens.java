package dev.reprise;

import dev.reprise.v1.AtLeast;
import dev.reprise.v1.Consistency;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Remembers what this client changed, so that its reads are never older, on whatever node. What is
 * older than twice the servers' maximum lag needs no token any more: no node serves anything before
 * it.
 */
final class FreshnessTokens {
  static final int KEYS_MAX = 1024;
  static final int INVALIDATIONS_MAX = 8;

  /** What a read may carry. */
  private static final int TOKENS_MAX = 16;

  private static final Consistency LATEST =
      Consistency.newBuilder().setLatest(com.google.protobuf.Empty.getDefaultInstance()).build();

  private final LongSupplier nanos;
  private final long ageNanosMax;

  /** Oldest first: a key that is written again moves to the end. */
  private final Map<String, Noted> writes = new LinkedHashMap<>();

  /** Oldest first. */
  private final Deque<Invalidation> invalidations = new ArrayDeque<>();

  /** Until when something is in force that had no room. */
  private long latestUntil;

  private boolean overflowed;

  FreshnessTokens(LongSupplier nanos, Duration maxLag) {
    this.nanos = nanos;
    this.ageNanosMax = 2 * maxLag.toNanos();
  }

  private record Noted(String token, long until) {}

  private record Invalidation(Predicate<String> covers, String token, long until) {}

  synchronized void wrote(String key, String token) {
    if (token.isEmpty()) return;
    prune();
    writes.remove(key);
    writes.put(key, new Noted(token, nanos.getAsLong() + ageNanosMax));
    if (writes.size() <= KEYS_MAX) return;
    Iterator<Noted> oldest = writes.values().iterator();
    overflow(oldest.next().until());
    oldest.remove();
  }

  synchronized void invalidated(Predicate<String> covers, String token) {
    if (token.isEmpty()) return;
    prune();
    invalidations.addLast(new Invalidation(covers, token, nanos.getAsLong() + ageNanosMax));
    if (invalidations.size() > INVALIDATIONS_MAX) overflow(invalidations.removeFirst().until());
  }

  /** Forgets everything: a token can't be honoured any more, so its history has ended. */
  synchronized void drop() {
    writes.clear();
    invalidations.clear();
    overflowed = false;
  }

  /**
   * Returns how fresh a read of these keys must be, beside what its caller asks for; empty if any
   * answer will do.
   */
  synchronized Optional<Consistency> needed(
      Collection<String> keys, List<String> atLeast, boolean latest) {
    prune();
    if (latest || overflowed) return Optional.of(LATEST);
    Set<String> tokens = new LinkedHashSet<>(atLeast);
    for (String key : keys) addTokens(tokens, key);
    if (tokens.isEmpty()) return Optional.empty();
    // The caller's own list is the server's to judge; ours is never a reason to fail.
    if (tokens.size() > TOKENS_MAX && atLeast.size() <= TOKENS_MAX) return Optional.of(LATEST);
    AtLeast needed = AtLeast.newBuilder().addAllTokens(tokens).build();
    return Optional.of(Consistency.newBuilder().setAtLeast(needed).build());
  }

  private void addTokens(Set<String> tokens, String key) {
    Noted write = writes.get(key);
    if (write != null) tokens.add(write.token());
    for (Invalidation invalidation : invalidations) {
      if (invalidation.covers().test(key)) tokens.add(invalidation.token());
    }
  }

  private void overflow(long until) {
    latestUntil = overflowed ? Math.max(latestUntil, until) : until;
    overflowed = true;
  }

  private void prune() {
    long now = nanos.getAsLong();
    Iterator<Noted> oldest = writes.values().iterator();
    while (oldest.hasNext() && oldest.next().until() - now <= 0) oldest.remove();
    while (!invalidations.isEmpty() && invalidations.getFirst().until() - now <= 0)
      invalidations.removeFirst();
    if (overflowed && latestUntil - now <= 0) overflowed = false;
  }
}
