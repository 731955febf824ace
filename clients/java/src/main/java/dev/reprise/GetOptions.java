package dev.reprise;

import java.util.List;

/** How an entry is read. */
public final class GetOptions extends CallOptions<GetOptions> {
  private static final GetOptions DEFAULTS = new GetOptions();

  boolean allowStale;
  boolean withTags;
  boolean latest;
  List<String> atLeast = List.of();
  String ifRevisionNot = "";

  private GetOptions() {}

  /**
   * Returns the options of a plain read.
   *
   * @return fresh entries alone, without tags, at most the server's maximum lag behind, and never
   *     older than this client's own writes
   */
  public static GetOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Lets entries past their TTL be served within their stale window, marked as stale.
   *
   * @param allowed whether they may be served
   * @return the changed options
   */
  public GetOptions allowStale(boolean allowed) {
    GetOptions changed = copy();
    changed.allowStale = allowed;
    return changed;
  }

  /**
   * Asks for the entry's tags.
   *
   * @param wanted whether they are wanted
   * @return the changed options
   */
  public GetOptions withTags(boolean wanted) {
    GetOptions changed = copy();
    changed.withTags = wanted;
    return changed;
  }

  /**
   * Reads from the store itself, past every tier in front of it.
   *
   * @param wanted whether to do so
   * @return the changed options
   */
  public GetOptions latest(boolean wanted) {
    GetOptions changed = copy();
    changed.latest = wanted;
    return changed;
  }

  /**
   * Reads nothing older than these tokens tell, such as those of another process.
   *
   * @param tokens tokens of writes, invalidations or misses of the same namespace
   * @return the changed options
   */
  public GetOptions atLeast(String... tokens) {
    GetOptions changed = copy();
    changed.atLeast = List.of(tokens);
    return changed;
  }

  /**
   * Answers {@link Lookup.NotModified}, without content, if the entry still has this revision. For
   * single reads alone.
   *
   * @param revision the revision that the caller has
   * @return the changed options
   */
  public GetOptions ifRevisionNot(String revision) {
    GetOptions changed = copy();
    changed.ifRevisionNot = revision;
    return changed;
  }
}
