package dev.reprise;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** How a client is made. Options never change: each setter returns a changed copy. */
public final class RepriseOptions extends Copied<RepriseOptions> {
  private static final RepriseOptions DEFAULTS = new RepriseOptions();

  String namespace = "";
  Duration deadline = Duration.ofSeconds(2);
  Duration maxLag = Duration.ofSeconds(1);
  Duration batchWindow = Duration.ofNanos(500_000);
  boolean batching = true;
  boolean passThrough;
  boolean insecure;
  TlsOptions tls;
  Supplier<String> credential;
  Codec codec = JsonCodec.INSTANCE;
  List<Codec> codecs = List.of();
  String origin;
  CallObserver observer = CallObserver.NONE;
  CallTracer tracer = CallTracer.NONE;

  /** For tests, which find a dead connection sooner. */
  UnaryOperator<NettyChannelBuilder> channel = UnaryOperator.identity();

  Executor computeExecutor;

  private RepriseOptions() {}

  /**
   * Returns the defaults: the namespace {@code default}, JSON, 2 s for a call, plain connections to
   * this machine alone.
   *
   * @return the options
   */
  public static RepriseOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the namespace of all calls.
   *
   * @param namespace its name; {@code default} by default
   * @return the changed options
   */
  public RepriseOptions namespace(String namespace) {
    RepriseOptions changed = copy();
    changed.namespace = Objects.requireNonNull(namespace, "namespace");
    return changed;
  }

  /**
   * Sets how long a call may take that names no deadline of its own, retries included.
   *
   * @param deadline more than zero; 2 s by default
   * @return the changed options
   */
  public RepriseOptions deadline(Duration deadline) {
    RepriseOptions changed = copy();
    changed.deadline = Durations.positive("deadline", deadline);
    return changed;
  }

  /**
   * Tells the servers' {@code --max-lag}. Tokens of own writes are sent for twice that time.
   *
   * @param maxLag more than zero; 1 s by default, as it is for servers
   * @return the changed options
   */
  public RepriseOptions maxLag(Duration maxLag) {
    RepriseOptions changed = copy();
    changed.maxLag = Durations.positive("maxLag", maxLag);
    return changed;
  }

  /**
   * Sets for how long a read that comes while another one is on the way waits for others to share a
   * call with. It goes out earlier when a call returns, or when 100 wait.
   *
   * @param window 0.5 ms by default
   * @return the changed options
   */
  public RepriseOptions batchWindow(Duration window) {
    RepriseOptions changed = copy();
    changed.batchWindow = Durations.notNegative("batchWindow", window);
    return changed;
  }

  /**
   * Turns the sharing of calls by concurrent reads on or off.
   *
   * @param batching true by default
   * @return the changed options
   */
  public RepriseOptions batching(boolean batching) {
    RepriseOptions changed = copy();
    changed.batching = batching;
    return changed;
  }

  /**
   * Takes the cache out of the way: reads miss, {@code getOrCompute} computes, changes do nothing
   * and say so, and nobody is called.
   *
   * @param passThrough false by default
   * @return the changed options
   */
  public RepriseOptions passThrough(boolean passThrough) {
    RepriseOptions changed = copy();
    changed.passThrough = passThrough;
    return changed;
  }

  /**
   * Allows plain connections to other machines. Everybody on the way can then read and change
   * everything.
   *
   * @param insecure false by default
   * @return the changed options
   */
  public RepriseOptions insecure(boolean insecure) {
    RepriseOptions changed = copy();
    changed.insecure = insecure;
    return changed;
  }

  /**
   * Encrypts the connection.
   *
   * @param tls what to trust and who to be
   * @return the changed options
   */
  public RepriseOptions tls(TlsOptions tls) {
    RepriseOptions changed = copy();
    changed.tls = tls;
    return changed;
  }

  /**
   * Sets the credential that is sent with each call, as {@code authorization: Bearer …}. Over a
   * plain connection to another machine it is refused.
   *
   * @param credential the credential
   * @return the changed options
   */
  public RepriseOptions credential(String credential) {
    Objects.requireNonNull(credential, "credential");
    return credential(() -> credential);
  }

  /**
   * Sets who is asked for a credential at each call.
   *
   * @param credential called on a thread of the client's; may block, but not for long
   * @return the changed options
   */
  public RepriseOptions credential(Supplier<String> credential) {
    RepriseOptions changed = copy();
    changed.credential = credential;
    return changed;
  }

  /**
   * Sets the codec that values are written with. They are read by what they are.
   *
   * @param codec {@link JsonCodec} by default
   * @return the changed options
   */
  public RepriseOptions codec(Codec codec) {
    RepriseOptions changed = copy();
    changed.codec = Objects.requireNonNull(codec, "codec");
    return changed;
  }

  /**
   * Sets further codecs to read with, beside JSON, raw bytes, MessagePack and that of the client.
   *
   * @param codecs the codecs; each wins over a built-in one of the same content type
   * @return the changed options
   */
  public RepriseOptions codecs(Codec... codecs) {
    RepriseOptions changed = copy();
    changed.codecs = List.of(codecs);
    return changed;
  }

  /**
   * Names this process to the servers: a subscription of the same origin is not told of its
   * changes.
   *
   * @param origin up to 64 printable ASCII characters; 16 random hex digits by default
   * @return the changed options
   */
  public RepriseOptions origin(String origin) {
    RepriseOptions changed = copy();
    changed.origin = origin;
    return changed;
  }

  /**
   * Sets who is told of each call, such as {@link OpenTelemetryObserver}.
   *
   * @param observer called on the client's threads
   * @return the changed options
   */
  public RepriseOptions observer(CallObserver observer) {
    RepriseOptions changed = copy();
    changed.observer = Objects.requireNonNull(observer, "observer");
    return changed;
  }

  /**
   * Sets who traces calls, such as {@link OpenTelemetryTracer}.
   *
   * @param tracer called on the threads that make calls, and on the client's
   * @return the changed options
   */
  public RepriseOptions tracer(CallTracer tracer) {
    RepriseOptions changed = copy();
    changed.tracer = Objects.requireNonNull(tracer, "tracer");
    return changed;
  }

  RepriseOptions channel(UnaryOperator<NettyChannelBuilder> channel) {
    RepriseOptions changed = copy();
    changed.channel = channel;
    return changed;
  }

  /**
   * Sets where the blocking {@code getOrCompute} runs computations.
   *
   * @param executor daemon threads of the client's own by default, as many as there are
   *     computations
   * @return the changed options
   */
  public RepriseOptions computeExecutor(Executor executor) {
    RepriseOptions changed = copy();
    changed.computeExecutor = executor;
    return changed;
  }
}
