package dev.reprise;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Which changes a subscription is told. With no prefix, tag and key it is told all. */
public final class SubscribeOptions extends Copied<SubscribeOptions> {
  private static final SubscribeOptions DEFAULTS = new SubscribeOptions();

  List<String> prefixes = List.of();
  List<String> tags = List.of();
  List<String> keys = List.of();
  List<ChangeCause> causes = List.of();
  String resumeToken = "";
  Duration progressInterval;
  boolean includeOwn;
  boolean epochs;
  int bufferMax = 4096;
  Consumer<SubscriptionState> onState = state -> {};

  private SubscribeOptions() {}

  /**
   * Returns the options of a subscription to everything that others change from now on.
   *
   * @return the options
   */
  public static SubscribeOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Tells changes of keys that begin with one of these.
   *
   * @param prefixes at most 100, each ends in {@code :} or {@code /}
   * @return the changed options
   */
  public SubscribeOptions prefixes(String... prefixes) {
    return prefixes(List.of(prefixes));
  }

  /**
   * Tells changes of keys that begin with one of these.
   *
   * @param prefixes at most 100, each ends in {@code :} or {@code /}
   * @return the changed options
   */
  public SubscribeOptions prefixes(Collection<String> prefixes) {
    SubscribeOptions changed = copy();
    changed.prefixes = List.copyOf(prefixes);
    return changed;
  }

  /**
   * Tells changes of entries that carry one of these, before or after the change.
   *
   * @param tags at most 100
   * @return the changed options
   */
  public SubscribeOptions tags(String... tags) {
    return tags(List.of(tags));
  }

  /**
   * Tells changes of entries that carry one of these, before or after the change.
   *
   * @param tags at most 100
   * @return the changed options
   */
  public SubscribeOptions tags(Collection<String> tags) {
    SubscribeOptions changed = copy();
    changed.tags = List.copyOf(tags);
    return changed;
  }

  /**
   * Tells changes of these keys.
   *
   * @param keys at most 1000
   * @return the changed options
   */
  public SubscribeOptions keys(String... keys) {
    return keys(List.of(keys));
  }

  /**
   * Tells changes of these keys.
   *
   * @param keys at most 1000
   * @return the changed options
   */
  public SubscribeOptions keys(Collection<String> keys) {
    SubscribeOptions changed = copy();
    changed.keys = List.copyOf(keys);
    return changed;
  }

  /**
   * Tells only changes with one of these causes.
   *
   * @param causes all by default
   * @return the changed options
   */
  public SubscribeOptions causes(Collection<ChangeCause> causes) {
    SubscribeOptions changed = copy();
    changed.causes = List.copyOf(causes);
    return changed;
  }

  /**
   * Goes on after this token.
   *
   * @param token of {@link Subscription#token()}, or of any answer of this namespace
   * @return the changed options
   */
  public SubscribeOptions resumeToken(String token) {
    SubscribeOptions changed = copy();
    changed.resumeToken = Objects.requireNonNull(token, "token");
    return changed;
  }

  /**
   * Sets how long the stream may be silent. After three such intervals it counts as broken.
   *
   * @param interval 100 ms to 60 s; the server's default, 1 s, by default
   * @return the changed options
   */
  public SubscribeOptions progressInterval(Duration interval) {
    SubscribeOptions changed = copy();
    changed.progressInterval = Durations.positive("progressInterval", interval);
    return changed;
  }

  /**
   * Tells this client's own changes too.
   *
   * @param includeOwn false by default
   * @return the changed options
   */
  public SubscribeOptions includeOwn(boolean includeOwn) {
    SubscribeOptions changed = copy();
    changed.includeOwn = includeOwn;
    return changed;
  }

  /**
   * Tells of new epochs too, as changes with the cause {@link ChangeCause#EPOCH}: whoever keeps
   * copies of what was read ahead of the stream must drop them then.
   *
   * @param epochs false by default
   * @return the changed options
   */
  public SubscribeOptions epochs(boolean epochs) {
    SubscribeOptions changed = copy();
    changed.epochs = epochs;
    return changed;
  }

  /**
   * Sets how much may wait for the caller. Beyond it the caller is told {@link ResetReason#SLOW}.
   *
   * @param messages 4096 by default
   * @return the changed options
   */
  public SubscribeOptions bufferMax(int messages) {
    if (messages < 1) throw new IllegalArgumentException("bufferMax must be at least 1");
    SubscribeOptions changed = copy();
    changed.bufferMax = messages;
    return changed;
  }

  /**
   * Sets who is told of each state as soon as it begins, also while messages wait.
   *
   * @param callback called on the client's threads, one state after the other; must return soon
   * @return the changed options
   */
  public SubscribeOptions onState(Consumer<SubscriptionState> callback) {
    SubscribeOptions changed = copy();
    changed.onState = Objects.requireNonNull(callback, "callback");
    return changed;
  }
}
