package dev.reprise;

import dev.reprise.testing.v1.Failure;
import dev.reprise.testing.v1.Fault;
import dev.reprise.testing.v1.InjectFaultRequest;
import dev.reprise.testing.v1.ListCallsRequest;
import dev.reprise.testing.v1.RecordedCall;
import dev.reprise.testing.v1.TestServiceGrpc;
import dev.reprise.v1.AdminServiceGrpc;
import dev.reprise.v1.CreateNamespaceRequest;
import dev.reprise.v1.NamespaceSettings;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real server in a process of its own, which tests may move the clock of and make fail. */
final class TestServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
  private static final Pattern PORT = Pattern.compile("\"port\":\\s*(\\d+)|127\\.0\\.0\\.1:(\\d+)");
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static TestServer shared;

  /** So that all of them fit into the server. */
  private static final NamespaceSettings SMALL =
      NamespaceSettings.newBuilder().setCapacityBytes(4 << 20).build();

  private final Process process;
  private final int port;
  private ManagedChannel channel;

  private TestServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The server that all tests share; each takes a namespace of its own. */
  static synchronized TestServer shared() {
    if (shared == null) {
      shared = start("--listen", "127.0.0.1:0");
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  static TestServer start(String... options) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("node_modules/.bin/node").toString());
    command.add(ROOT.resolve("src/main.ts").toString());
    command.addAll(List.of("serve", "--ops-listen", "off", "--testing", "--drain", "1s"));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new TestServer(process, portOf(process));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static int portOf(Process process) throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher port = PORT.matcher(line);
      if (!line.contains("serverListening") || !port.find()) continue;
      Thread rest = new Thread(() -> readToTheEnd(log));
      rest.setDaemon(true);
      rest.start();
      return Integer.parseInt(port.group(1) == null ? port.group(2) : port.group(1));
    }
    throw new IOException("The server ended before it listened");
  }

  /** What nobody reads would fill the pipe, and the server would stand still. */
  private static void readToTheEnd(BufferedReader log) {
    try (log) {
      log.transferTo(Writer.nullWriter());
    } catch (IOException ended) {
      // The server was stopped.
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  RepriseClient connect(RepriseOptions options) {
    return RepriseClient.connect(address(), options.deadline(PATIENCE));
  }

  String newNamespace() {
    String name = "java-" + NAMESPACES.incrementAndGet();
    AdminServiceGrpc.newBlockingStub(channel())
        .createNamespace(
            CreateNamespaceRequest.newBuilder().setName(name).setSettings(SMALL).build());
    return name;
  }

  TestServiceGrpc.TestServiceBlockingStub testing() {
    return TestServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** Adds a fault to calls of a method of the cache service; how many, 0 for all. */
  void fault(String namespace, String method, int calls, Fault.Builder effect) {
    String service =
        method.equals("Subscribe") || method.equals("Invalidate") ? "Invalidation" : "Cache";
    Fault fault =
        effect
            .setNamespace(namespace)
            .setMethod(method.isEmpty() ? "" : "reprise.v1." + service + "Service/" + method)
            .setCalls(calls)
            .build();
    testing().injectFault(InjectFaultRequest.newBuilder().setFault(fault).build());
  }

  static Fault.Builder failing(String reason, Duration retryAfter) {
    return Fault.newBuilder()
        .setFailure(
            Failure.newBuilder().setReason(reason).setRetryAfter(Durations.toProto(retryAfter)));
  }

  /** The methods of the calls that came for a namespace. */
  List<String> calls(String namespace) {
    List<RecordedCall> calls =
        testing()
            .listCalls(ListCallsRequest.newBuilder().setNamespace(namespace).build())
            .getCallsList();
    return calls.stream().map(call -> call.getMethod().replaceAll(".*/", "")).toList();
  }

  private synchronized ManagedChannel channel() {
    if (channel == null)
      channel = Grpc.newChannelBuilder(address(), InsecureChannelCredentials.create()).build();
    return channel;
  }

  /** Waits for a condition, for a long time but not for ever. */
  static void await(String what, BooleanSupplier condition) {
    awaitValue(what, () -> condition.getAsBoolean() ? true : null);
  }

  static <T> T awaitValue(String what, Supplier<T> value) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    for (T found = value.get(); ; found = value.get()) {
      if (found != null) return found;
      if (System.nanoTime() > until) throw new AssertionError("Never: " + what);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    if (channel != null) channel.shutdownNow();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
    }
  }
}
