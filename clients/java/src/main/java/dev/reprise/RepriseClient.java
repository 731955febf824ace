package dev.reprise;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A client of Reprise. Make one for a namespace, keep it as long as the process lives, and share
 * it: it is safe for any number of threads, and has one connection.
 *
 * <p>After a write of this client was acknowledged, its reads are never older, on whatever node.
 * Concurrent reads share calls. What may be retried is retried, within the deadline, at most twice,
 * and so that it is applied once.
 *
 * <p>Every call has a blocking form and one that returns a future. Whoever waits and is
 * interrupted, and whoever cancels the future, gives the call up.
 */
public final class RepriseClient implements AutoCloseable {
  private final Session calls;

  private RepriseClient(Session calls) {
    this.calls = calls;
  }

  /**
   * Makes a client of a server on this machine. Nothing is sent before the first call.
   *
   * @param target {@code HOST:PORT}
   * @return the client
   */
  public static RepriseClient connect(String target) {
    return connect(target, RepriseOptions.defaults());
  }

  /**
   * Makes a client of one server. Nothing is sent before the first call.
   *
   * @param target {@code HOST:PORT}
   * @param options how
   * @return the client
   * @throws IllegalArgumentException if the target is none, or a plain connection to another
   *     machine was not allowed
   */
  public static RepriseClient connect(String target, RepriseOptions options) {
    return connect(List.of(target), options);
  }

  /**
   * Makes a client of one of several servers: they are tried in random order, and when the one in
   * use breaks, another is.
   *
   * @param targets each {@code HOST:PORT}
   * @param options how
   * @return the client
   * @throws IllegalArgumentException if a target is none, or a plain connection to another machine
   *     was not allowed
   */
  public static RepriseClient connect(List<String> targets, RepriseOptions options) {
    return connect(targets, options, Env.real());
  }

  static RepriseClient connect(List<String> targets, RepriseOptions options, Env env) {
    return new RepriseClient(new Session(new Core(targets, options, env)));
  }

  /**
   * Returns what names this client to the servers.
   *
   * @return the origin, 16 hex digits unless it was set
   */
  public String origin() {
    return calls.origin();
  }

  /**
   * Reads one entry as whatever its content type stands for: of JSON maps, lists, strings, numbers,
   * booleans and null.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return a hit, a negative, or a miss
   * @throws RepriseException if the call fails
   */
  public Lookup<Object> get(String key) {
    return Blocking.await(getAsync(key));
  }

  /**
   * Reads one entry as whatever its content type stands for: of JSON maps, lists, strings, numbers,
   * booleans and null.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return the same later
   */
  public CompletableFuture<Lookup<Object>> getAsync(String key) {
    return getAsync(key, ValueType.OBJECT, GetOptions.defaults());
  }

  /**
   * Reads one entry.
   *
   * @param <T> the type of the value
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @return a hit, a negative, or a miss
   * @throws RepriseException if the call fails
   */
  public <T> Lookup<T> get(String key, Class<T> type) {
    return Blocking.await(getAsync(key, type));
  }

  /**
   * Reads one entry.
   *
   * @param <T> the type of the value
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @return the same later
   */
  public <T> CompletableFuture<Lookup<T>> getAsync(String key, Class<T> type) {
    return getAsync(key, ValueType.of(type), GetOptions.defaults());
  }

  /**
   * Reads one entry.
   *
   * @param <T> the type of the value
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @param options how it is read
   * @return a hit, a negative, or a miss; not modified where that was asked
   * @throws RepriseException if the call fails
   */
  public <T> Lookup<T> get(String key, ValueType<T> type, GetOptions options) {
    return Blocking.await(getAsync(key, type, options));
  }

  /**
   * Reads one entry.
   *
   * @param <T> the type of the value
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @param options how it is read
   * @return the same later
   */
  public <T> CompletableFuture<Lookup<T>> getAsync(
      String key, ValueType<T> type, GetOptions options) {
    return Futures.begin(() -> calls.get(key, type, options));
  }

  /**
   * Reads several entries in one call, each with its own outcome.
   *
   * @param <T> the type of the value
   * @param keys up to 1000 keys
   * @param type the type of the values
   * @return the answer for each key, in the order of the keys; {@link Lookup.Failed} for one that
   *     could not be read
   * @throws RepriseException if the call fails
   */
  public <T> Map<String, Lookup<T>> getMany(Collection<String> keys, Class<T> type) {
    return Blocking.await(getManyAsync(keys, type));
  }

  /**
   * Reads several entries in one call, each with its own outcome.
   *
   * @param <T> the type of the value
   * @param keys up to 1000 keys
   * @param type the type of the values
   * @return the same later
   */
  public <T> CompletableFuture<Map<String, Lookup<T>>> getManyAsync(
      Collection<String> keys, Class<T> type) {
    return getManyAsync(keys, ValueType.of(type), GetOptions.defaults());
  }

  /**
   * Reads several entries in one call, each with its own outcome.
   *
   * @param <T> the type of the value
   * @param keys up to 1000 keys
   * @param type the type of the values
   * @param options how they are read
   * @return the answer for each key, in the order of the keys; {@link Lookup.Failed} for one that
   *     could not be read
   * @throws RepriseException if the call fails
   */
  public <T> Map<String, Lookup<T>> getMany(
      Collection<String> keys, ValueType<T> type, GetOptions options) {
    return Blocking.await(getManyAsync(keys, type, options));
  }

  /**
   * Reads several entries in one call, each with its own outcome.
   *
   * @param <T> the type of the value
   * @param keys up to 1000 keys
   * @param type the type of the values
   * @param options how they are read
   * @return the same later
   */
  public <T> CompletableFuture<Map<String, Lookup<T>>> getManyAsync(
      Collection<String> keys, ValueType<T> type, GetOptions options) {
    return Futures.begin(() -> calls.getMany(keys, type, options));
  }

  /**
   * Tells whether a plain read would hit.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return whether there is a fresh entry
   * @throws RepriseException if the call fails
   */
  public ExistsResult exists(String key) {
    return Blocking.await(existsAsync(key));
  }

  /**
   * Tells whether a plain read would hit.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return the same later
   */
  public CompletableFuture<ExistsResult> existsAsync(String key) {
    return existsAsync(key, GetOptions.defaults());
  }

  /**
   * Tells whether a plain read would hit.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how fresh the answer must be, and its deadline; the rest is without meaning
   * @return whether there is a fresh entry
   * @throws RepriseException if the call fails
   */
  public ExistsResult exists(String key, GetOptions options) {
    return Blocking.await(existsAsync(key, options));
  }

  /**
   * Tells whether a plain read would hit.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how fresh the answer must be, and its deadline; the rest is without meaning
   * @return the same later
   */
  public CompletableFuture<ExistsResult> existsAsync(String key, GetOptions options) {
    return Futures.begin(() -> calls.exists(key, options));
  }

  /**
   * Writes one entry with the namespace's TTL.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param value the value; null is a value too
   * @return what was stored
   * @throws RepriseException if the call fails
   */
  public SetResult set(String key, Object value) {
    return Blocking.await(setAsync(key, value));
  }

  /**
   * Writes one entry with the namespace's TTL.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param value the value; null is a value too
   * @return the same later
   */
  public CompletableFuture<SetResult> setAsync(String key, Object value) {
    return setAsync(key, value, SetOptions.defaults());
  }

  /**
   * Writes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param value the value; null is a value too
   * @param options how it is written
   * @return what was stored, or why the condition did not hold
   * @throws RepriseException if the call fails
   */
  public SetResult set(String key, Object value, SetOptions options) {
    return Blocking.await(setAsync(key, value, options));
  }

  /**
   * Writes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param value the value; null is a value too
   * @param options how it is written
   * @return the same later
   */
  public CompletableFuture<SetResult> setAsync(String key, Object value, SetOptions options) {
    return Futures.begin(() -> calls.set(SetItem.value(key, value, options)));
  }

  /**
   * Remembers that the source has nothing here.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how it is written; a negative entry lives for 60 s at most
   * @return what was stored, or why the condition did not hold
   * @throws RepriseException if the call fails
   */
  public SetResult setNegative(String key, SetOptions options) {
    return Blocking.await(setNegativeAsync(key, options));
  }

  /**
   * Remembers that the source has nothing here.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how it is written; a negative entry lives for 60 s at most
   * @return the same later
   */
  public CompletableFuture<SetResult> setNegativeAsync(String key, SetOptions options) {
    return Futures.begin(() -> calls.set(SetItem.negative(key, options)));
  }

  /**
   * Writes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param items up to 1000 writes
   * @return the outcomes in the order of the items; {@link SetResult.Failed} for one that could not
   *     be written
   * @throws RepriseException if the call fails
   */
  public List<SetResult> setMany(List<SetItem> items) {
    return Blocking.await(setManyAsync(items));
  }

  /**
   * Writes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param items up to 1000 writes
   * @return the same later
   */
  public CompletableFuture<List<SetResult>> setManyAsync(List<SetItem> items) {
    return setManyAsync(items, ChangeOptions.defaults());
  }

  /**
   * Writes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param items up to 1000 writes
   * @param options how the call is made
   * @return the outcomes in the order of the items; {@link SetResult.Failed} for one that could not
   *     be written
   * @throws RepriseException if the call fails
   */
  public List<SetResult> setMany(List<SetItem> items, ChangeOptions options) {
    return Blocking.await(setManyAsync(items, options));
  }

  /**
   * Writes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param items up to 1000 writes
   * @param options how the call is made
   * @return the same later
   */
  public CompletableFuture<List<SetResult>> setManyAsync(
      List<SetItem> items, ChangeOptions options) {
    return Futures.begin(() -> calls.setMany(items, options));
  }

  /**
   * Removes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return whether there was one
   * @throws RepriseException if the call fails
   */
  public DeleteResult delete(String key) {
    return Blocking.await(deleteAsync(key));
  }

  /**
   * Removes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @return the same later
   */
  public CompletableFuture<DeleteResult> deleteAsync(String key) {
    return deleteAsync(key, ChangeOptions.defaults());
  }

  /**
   * Removes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how the call is made
   * @return whether there was one
   * @throws RepriseException if the call fails
   */
  public DeleteResult delete(String key, ChangeOptions options) {
    return Blocking.await(deleteAsync(key, options));
  }

  /**
   * Removes one entry.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options how the call is made
   * @return the same later
   */
  public CompletableFuture<DeleteResult> deleteAsync(String key, ChangeOptions options) {
    return Futures.begin(() -> calls.delete(key, options));
  }

  /**
   * Removes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param keys up to 1000 keys
   * @return the outcomes in the order of the keys; {@link DeleteResult.Failed} for one that could
   *     not be deleted
   * @throws RepriseException if the call fails
   */
  public List<DeleteResult> deleteMany(List<String> keys) {
    return Blocking.await(deleteManyAsync(keys));
  }

  /**
   * Removes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param keys up to 1000 keys
   * @return the same later
   */
  public CompletableFuture<List<DeleteResult>> deleteManyAsync(List<String> keys) {
    return deleteManyAsync(keys, ChangeOptions.defaults());
  }

  /**
   * Removes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param keys up to 1000 keys
   * @param options how the call is made
   * @return the outcomes in the order of the keys; {@link DeleteResult.Failed} for one that could
   *     not be deleted
   * @throws RepriseException if the call fails
   */
  public List<DeleteResult> deleteMany(List<String> keys, ChangeOptions options) {
    return Blocking.await(deleteManyAsync(keys, options));
  }

  /**
   * Removes several entries in one call, each with its own outcome. There is no atomicity.
   *
   * @param keys up to 1000 keys
   * @param options how the call is made
   * @return the same later
   */
  public CompletableFuture<List<DeleteResult>> deleteManyAsync(
      List<String> keys, ChangeOptions options) {
    return Futures.begin(() -> calls.deleteMany(keys, options));
  }

  /**
   * Gives a fresh entry a new lifetime.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options the lifetime
   * @return the new lifetime, or that there is no fresh entry
   * @throws RepriseException if the call fails
   */
  public TouchResult touch(String key, TouchOptions options) {
    return Blocking.await(touchAsync(key, options));
  }

  /**
   * Gives a fresh entry a new lifetime.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param options the lifetime
   * @return the same later
   */
  public CompletableFuture<TouchResult> touchAsync(String key, TouchOptions options) {
    return Futures.begin(() -> calls.touch(key, options));
  }

  /**
   * Adds to a counter that begins at 0.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param delta what to add; negative to subtract
   * @return the counter, or why it was not changed
   * @throws RepriseException if the call fails
   */
  public IncrementResult increment(String key, long delta) {
    return Blocking.await(incrementAsync(key, delta));
  }

  /**
   * Adds to a counter that begins at 0.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param delta what to add; negative to subtract
   * @return the same later
   */
  public CompletableFuture<IncrementResult> incrementAsync(String key, long delta) {
    return incrementAsync(key, delta, IncrementOptions.defaults());
  }

  /**
   * Adds to a counter.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param delta what to add; negative to subtract
   * @param options how an absent counter begins
   * @return the counter, or why it was not changed
   * @throws RepriseException if the call fails
   */
  public IncrementResult increment(String key, long delta, IncrementOptions options) {
    return Blocking.await(incrementAsync(key, delta, options));
  }

  /**
   * Adds to a counter.
   *
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param delta what to add; negative to subtract
   * @param options how an absent counter begins
   * @return the same later
   */
  public CompletableFuture<IncrementResult> incrementAsync(
      String key, long delta, IncrementOptions options) {
    return Futures.begin(() -> calls.increment(key, delta, options));
  }

  /**
   * Invalidates keys: nothing that was computed before is served after the answer.
   *
   * @param keys 1 to 1000 keys
   * @return that it is in force
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateKeys(Collection<String> keys) {
    return Blocking.await(invalidateKeysAsync(keys));
  }

  /**
   * Invalidates keys: nothing that was computed before is served after the answer.
   *
   * @param keys 1 to 1000 keys
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateKeysAsync(Collection<String> keys) {
    return invalidateKeysAsync(keys, InvalidateOptions.defaults());
  }

  /**
   * Invalidates keys.
   *
   * @param keys 1 to 1000 keys
   * @param options what it does and how far it must have come
   * @return that it is in force, a count, or why it was refused
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateKeys(Collection<String> keys, InvalidateOptions options) {
    return Blocking.await(invalidateKeysAsync(keys, options));
  }

  /**
   * Invalidates keys.
   *
   * @param keys 1 to 1000 keys
   * @param options what it does and how far it must have come
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateKeysAsync(
      Collection<String> keys, InvalidateOptions options) {
    return Futures.begin(() -> calls.invalidateKeys(keys, options));
  }

  /**
   * Invalidates all entries that carry any of these tags, in the same short time however many there
   * are.
   *
   * @param tags 1 to 100 tags
   * @return that it is in force
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateTags(Collection<String> tags) {
    return Blocking.await(invalidateTagsAsync(tags));
  }

  /**
   * Invalidates all entries that carry any of these tags, in the same short time however many there
   * are.
   *
   * @param tags 1 to 100 tags
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateTagsAsync(Collection<String> tags) {
    return invalidateTagsAsync(tags, InvalidateOptions.defaults());
  }

  /**
   * Invalidates all entries that carry any of these tags.
   *
   * @param tags 1 to 100 tags
   * @param options what it does and how far it must have come
   * @return that it is in force, a count, or why it was refused
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateTags(Collection<String> tags, InvalidateOptions options) {
    return Blocking.await(invalidateTagsAsync(tags, options));
  }

  /**
   * Invalidates all entries that carry any of these tags.
   *
   * @param tags 1 to 100 tags
   * @param options what it does and how far it must have come
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateTagsAsync(
      Collection<String> tags, InvalidateOptions options) {
    return Futures.begin(() -> calls.invalidateTags(tags, options));
  }

  /**
   * Invalidates all keys with a prefix, in the same short time however many there are.
   *
   * @param prefix ends in {@code :} or {@code /}
   * @return that it is in force
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidatePrefix(String prefix) {
    return Blocking.await(invalidatePrefixAsync(prefix));
  }

  /**
   * Invalidates all keys with a prefix, in the same short time however many there are.
   *
   * @param prefix ends in {@code :} or {@code /}
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidatePrefixAsync(String prefix) {
    return invalidatePrefixAsync(prefix, InvalidateOptions.defaults());
  }

  /**
   * Invalidates all keys with a prefix.
   *
   * @param prefix ends in {@code :} or {@code /}
   * @param options what it does and how far it must have come
   * @return that it is in force, a count, or why it was refused
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidatePrefix(String prefix, InvalidateOptions options) {
    return Blocking.await(invalidatePrefixAsync(prefix, options));
  }

  /**
   * Invalidates all keys with a prefix.
   *
   * @param prefix ends in {@code :} or {@code /}
   * @param options what it does and how far it must have come
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidatePrefixAsync(
      String prefix, InvalidateOptions options) {
    return Futures.begin(() -> calls.invalidatePrefix(prefix, options));
  }

  /**
   * Invalidates all entries of the namespace.
   *
   * @return that it is in force
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateAll() {
    return Blocking.await(invalidateAllAsync());
  }

  /**
   * Invalidates all entries of the namespace.
   *
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateAllAsync() {
    return invalidateAllAsync(InvalidateOptions.defaults());
  }

  /**
   * Invalidates all entries of the namespace.
   *
   * @param options what it does and how far it must have come
   * @return that it is in force, a count, or why it was refused
   * @throws RepriseException if the call fails
   */
  public InvalidateResult invalidateAll(InvalidateOptions options) {
    return Blocking.await(invalidateAllAsync(options));
  }

  /**
   * Invalidates all entries of the namespace.
   *
   * @param options what it does and how far it must have come
   * @return the same later
   */
  public CompletableFuture<InvalidateResult> invalidateAllAsync(InvalidateOptions options) {
    return Futures.begin(() -> calls.invalidateAll(options));
  }

  /**
   * Returns a value from the cache, or computes and keeps it. Of all callers that miss a key, on
   * whatever machine, one computes and the others wait for its value; those of this process share
   * one wait. A value that was overtaken by a change or an invalidation is returned to its callers
   * and not kept. While the cache is away the value is computed.
   *
   * <p>The computation runs on a thread of the client's ({@link RepriseOptions#computeExecutor}),
   * where others may wait for it too. It is interrupted when nobody waits any more.
   *
   * @param <T> the type of the value
   * @param <E> what the computation may throw
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @param options how to wait and how to keep
   * @param computation computes the value; null means that the source has nothing
   * @return the value, or null if the source has nothing
   * @throws E if the computation throws it, as it is; also where another caller's computation was
   *     waited for
   * @throws RepriseException if the server refuses the arguments, or a value can't be encoded or
   *     decoded
   */
  public <T, E extends Exception> T getOrCompute(
      String key, ValueType<T> type, ComputeOptions options, Computation<T, E> computation)
      throws E {
    Objects.requireNonNull(computation, "computation");
    return Blocking.awaitAsIs(
        getOrComputeAsync(key, type, options, () -> calls.onThread(computation)));
  }

  /**
   * Returns a value from the cache, or computes and keeps it.
   *
   * @param <T> the type of the value
   * @param <E> what the computation may throw
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @param options how to wait and how to keep
   * @param computation computes the value; null means that the source has nothing
   * @return the value, or null if the source has nothing
   * @throws E if the computation throws it, as it is; also where another caller's computation was
   *     waited for
   * @throws RepriseException if the server refuses the arguments, or a value can't be encoded or
   *     decoded
   * @see #getOrCompute(String, ValueType, ComputeOptions, Computation)
   */
  public <T, E extends Exception> T getOrCompute(
      String key, Class<T> type, ComputeOptions options, Computation<T, E> computation) throws E {
    return getOrCompute(key, ValueType.of(type), options, computation);
  }

  /**
   * Returns a value from the cache, or computes and keeps it, without a thread that waits.
   *
   * @param <T> the type of the value
   * @param key the key, 1 to 1024 bytes of UTF-8 without control characters
   * @param type the type of the value
   * @param options how to wait and how to keep
   * @param computation begins to compute and must return soon; its future is cancelled when nobody
   *     waits any more
   * @return the value later, or null if the source has nothing
   * @see #getOrCompute(String, ValueType, ComputeOptions, Computation)
   */
  public <T> CompletableFuture<T> getOrComputeAsync(
      String key,
      ValueType<T> type,
      ComputeOptions options,
      Supplier<? extends CompletionStage<T>> computation) {
    return Futures.begin(() -> calls.getOrCompute(key, type, options, computation));
  }

  /**
   * Listens to what changes. The stream is opened at once and kept open until the subscription is
   * closed.
   *
   * @param options which changes
   * @return the subscription, whose {@link Subscription#state} tells when it is ready
   */
  public Subscription subscribe(SubscribeOptions options) {
    return calls.subscribe(options);
  }

  /**
   * Listens to what changes, and hands each message to a listener, on a thread of the
   * subscription's own.
   *
   * @param options which changes
   * @param listener told of each message, one after the other; what it throws is logged
   * @return the subscription, to be closed
   */
  public Subscription subscribe(SubscribeOptions options, Consumer<StreamMessage> listener) {
    Objects.requireNonNull(listener, "listener");
    Subscription subscription = calls.subscribe(options);
    calls.deliver(subscription, listener);
    return subscription;
  }

  /** Ends every call, computation and subscription, and the connection. */
  @Override
  public void close() {
    calls.close();
  }
}
