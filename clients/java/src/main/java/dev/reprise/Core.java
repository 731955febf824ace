package dev.reprise;

import com.google.protobuf.ByteString;
import dev.reprise.v1.Consistency;
import io.grpc.MethodDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What all kinds of calls of one client share. */
final class Core {
  final RepriseOptions options;
  final Env env;
  final Connection connection;
  final UnaryCalls calls;
  final Codecs codecs;
  final FreshnessTokens tokens;
  final String origin;

  /** Is told which keys this client has changed, before the change is answered to the caller. */
  Consumer<Predicate<String>> onOwnChange = covers -> {};

  Core(List<String> targets, RepriseOptions options, Env env) {
    this.options = options;
    this.env = env;
    this.origin = options.origin == null ? randomHex(1) : options.origin;
    this.connection = new Connection(targets, options, origin, env);
    this.calls = new UnaryCalls(connection, env, options);
    this.codecs = new Codecs(withOwn(options));
    this.tokens = new FreshnessTokens(env.nanos(), options.maxLag);
  }

  boolean passThrough() {
    return options.passThrough;
  }

  /** A new id for a change: 32 hex digits. */
  static String requestId() {
    return randomHex(2);
  }

  ByteString encode(Object value, Codec codec) {
    return ByteString.copyFrom(codec(codec).encode(value));
  }

  Codec codec(Codec ofCall) {
    return ofCall == null ? options.codec : ofCall;
  }

  void wrote(String key, String token) {
    tokens.wrote(key, token);
    onOwnChange.accept(key::equals);
  }

  void invalidated(Predicate<String> covers, String token) {
    tokens.invalidated(covers, token);
    onOwnChange.accept(covers);
  }

  /**
   * Reads with the tokens that concern the keys. If one can't be honoured, its history has ended:
   * all are dropped, and the read is made once more. Where the caller gave tokens, that one goes to
   * the store itself, so that it is still not older than what the caller knows of.
   */
  <A> CompletableFuture<A> readFresh(
      Collection<String> keys,
      GetOptions options,
      Function<Optional<Consistency>, CompletableFuture<A>> read) {
    Optional<Consistency> needed = tokens.needed(keys, options.atLeast, options.latest);
    return Futures.then(
        read.apply(needed),
        (answer, error) -> {
          if (error == null) return CompletableFuture.completedFuture(answer);
          if (!isTokenUnusable(error)) return Futures.failed(error);
          tokens.drop();
          return read.apply(
              tokens.needed(keys, List.of(), options.latest || !options.atLeast.isEmpty()));
        });
  }

  <Q, A> CompletableFuture<A> change(
      MethodDescriptor<Q, A> method, Q request, CallOptions<?> options) {
    return calls.call(method, request, UnaryCalls.How.change(options.deadline));
  }

  private static boolean isTokenUnusable(Throwable error) {
    return error instanceof RepriseException known && known.reason().equals("TOKEN_UNUSABLE");
  }

  private static List<Codec> withOwn(RepriseOptions options) {
    return Stream.concat(Stream.of(options.codec), options.codecs.stream()).toList();
  }

  private static String randomHex(int longs) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < longs; i++)
      digits.append(String.format("%016x", ThreadLocalRandom.current().nextLong()));
    return digits.toString();
  }
}
