package dev.reprise;

import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The one channel of a client: to one of its servers at a time, and to another when that one
 * breaks.
 */
final class Connection {
  /** What the server sends and takes at most, with room for the frame. */
  private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024 + 64 * 1024;

  private static final int CONNECT_MS_MAX = 3000;
  private static final long HURRY_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(100);

  private final ManagedChannel managed;
  private final Channel channel;
  private final CallCredentials credential;
  private final Env env;
  private long hurriedAt;
  private volatile boolean closed;

  Connection(List<String> targets, RepriseOptions options, String origin, Env env) {
    List<Target> parsed = new ArrayList<>(targets.stream().map(Target::parse).toList());
    check(parsed, options);
    Collections.shuffle(parsed, new Random((long) (env.random().getAsDouble() * Long.MAX_VALUE)));
    this.env = env;
    this.credential = options.credential == null ? null : new Bearer(options.credential);
    this.managed = open(parsed, options);
    this.channel =
        ClientInterceptors.intercept(
            managed, MetadataUtils.newAttachHeadersInterceptor(header(origin)));
    this.hurriedAt = env.nanos().getAsLong() - HURRY_NANOS_MIN;
  }

  Channel channel() {
    return channel;
  }

  io.grpc.CallOptions callOptions() {
    return io.grpc.CallOptions.DEFAULT.withCallCredentials(credential);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Tries to connect now. A channel waits ever longer after failures, up to minutes; calls and
   * streams have their own delays, so what they ask for is tried when they ask.
   */
  void hurry() {
    synchronized (this) {
      long now = env.nanos().getAsLong();
      if (now - hurriedAt < HURRY_NANOS_MIN) return;
      hurriedAt = now;
    }
    managed.resetConnectBackoff();
  }

  /** Ends every call and stream. */
  void close() {
    closed = true;
    managed.shutdownNow();
  }

  private static void check(List<Target> targets, RepriseOptions options) {
    if (targets.isEmpty()) throw new IllegalArgumentException("There must be a target");
    if (options.tls != null || targets.stream().allMatch(Target::isLoopback)) return;
    if (options.credential != null) {
      throw new IllegalArgumentException("A credential is not sent to another machine without tls");
    }
    if (!options.insecure) {
      throw new IllegalArgumentException(
          "Another machine is reached with tls, or with insecure(true)");
    }
  }

  private static ManagedChannel open(List<Target> targets, RepriseOptions options) {
    ChannelCredentials security =
        options.tls == null ? InsecureChannelCredentials.create() : credentials(options.tls);
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(AddressListResolver.name(targets), security)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS_MAX)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .userAgent("reprise-java")
            .proxyDetector(address -> null)
            .disableRetry();
    if (options.tls != null && options.tls.serverName != null)
      builder.overrideAuthority(options.tls.serverName);
    return options.channel.apply(builder).build();
  }

  private static ChannelCredentials credentials(TlsOptions tls) {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (tls.ca != null) builder.trustManager(new ByteArrayInputStream(tls.ca));
      if (tls.cert != null) {
        builder.keyManager(new ByteArrayInputStream(tls.cert), new ByteArrayInputStream(tls.key));
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("A certificate or key is not PEM", unreadable);
    }
    return builder.build();
  }

  private static Metadata header(String origin) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("reprise-origin", Metadata.ASCII_STRING_MARSHALLER), origin);
    return headers;
  }
}
