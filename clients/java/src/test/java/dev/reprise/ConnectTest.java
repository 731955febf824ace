package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.testing.v1.ListCallsRequest;
import dev.reprise.testing.v1.RecordedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may be connected to, and how. */
class ConnectTest extends ServerTest {
  private static final RepriseOptions PLAIN = RepriseOptions.defaults();

  private RepriseClient open(String target, RepriseOptions options) {
    RepriseClient made = RepriseClient.connect(target, options.namespace(namespace));
    clients.add(made);
    return made;
  }

  @Test
  void targetsAreReadAndLoopbackIsKnown() {
    assertEquals(new Target("a.example", 1), Target.parse("a.example:1"));
    assertEquals("[::1]:7171", Target.parse("[::1]:7171").toString());
    for (String wrong : List.of("", "a", ":1", "a:", "a:0", "a:65536", "a:x", "::1:7171")) {
      assertThrows(IllegalArgumentException.class, () -> Target.parse(wrong), wrong);
    }
    for (String here : List.of("127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1")) {
      assertTrue(Target.parse(here).isLoopback(), here);
    }
    for (String there : List.of("127.0.0.1.example:1", "10.0.0.1:1", "[::2]:1")) {
      assertFalse(Target.parse(there).isLoopback(), there);
    }
  }

  @Test
  void anotherMachineNeedsTlsOrAWord() {
    assertThrows(IllegalArgumentException.class, () -> open("192.0.2.1:7171", PLAIN));
    assertThrows(IllegalArgumentException.class, () -> RepriseClient.connect(List.of(), PLAIN));
    open("192.0.2.1:7171", PLAIN.insecure(true));
    open("192.0.2.1:7171", PLAIN.tls(TlsOptions.defaults()));
    assertThrows(
        IllegalArgumentException.class,
        () -> open("192.0.2.1:7171", PLAIN.insecure(true).credential("secret")));
  }

  @Test
  void eachCallCarriesOriginCredentialAndDeadline() {
    AtomicInteger asked = new AtomicInteger();
    RepriseClient made = connect(PLAIN.credential(() -> "secret" + asked.incrementAndGet()));
    made.get("k");
    made.delete("k");
    assertEquals(2, asked.get());
    assertTrue(made.origin().matches("[0-9a-f]{16}"));
    assertNotEquals(made.origin(), client.origin());
    for (RecordedCall call :
        server
            .testing()
            .listCalls(ListCallsRequest.newBuilder().setNamespace(namespace).build())
            .getCallsList()) {
      assertEquals(made.origin(), call.getMetadataOrThrow("reprise-origin"));
      assertEquals("Bearer", call.getMetadataOrThrow("authorization"));
      assertTrue(call.hasDeadline());
    }
  }

  @Test
  void aCredentialThatCanNotBeHadIsAnErrorAndNothingIsSent() {
    RepriseClient made =
        connect(
            PLAIN.credential(
                () -> {
                  throw new IllegalStateException("no vault");
                }));
    RepriseException error = assertThrows(RepriseException.class, () -> made.get("k"));
    assertEquals(io.grpc.Status.Code.UNAUTHENTICATED, error.code());
    assertEquals(List.of(), server.calls(namespace));
  }

  @Test
  void whenItsServerEndsItGoesToAnother() {
    TestServer first = TestServer.start("--listen", "127.0.0.1:0");
    try {
      List<String> targets = List.of(first.address(), server.address(), "127.0.0.1:1");
      RepriseClient made = RepriseClient.connect(targets, PLAIN.deadline(TestServer.PATIENCE));
      clients.add(made);
      made.get("k");
      first.close();
      TestServer.await("another one answers", () -> answers(made));
    } finally {
      first.close();
    }
  }

  private static boolean answers(RepriseClient made) {
    try {
      made.get("k");
      return true;
    } catch (UnavailableException notYet) {
      return false;
    }
  }

  private static void openssl(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(
        process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0,
        String.join(" ", arguments));
  }

  /** Makes a certificate that is its own authority. */
  private static void certificate(Path folder, String name)
      throws IOException, InterruptedException {
    openssl(
        folder,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=DNS:" + name + ".example,IP:127.0.0.1",
        "-keyout",
        name + ".key",
        "-out",
        name + ".crt");
  }

  @Test
  void overTlsBothSidesKnowEachOther(@TempDir Path folder) throws Exception {
    certificate(folder, "server");
    certificate(folder, "client");
    try (TestServer secure =
        TestServer.start(
            "--listen", "127.0.0.1:0",
            "--tls-cert", folder.resolve("server.crt").toString(),
            "--tls-key", folder.resolve("server.key").toString(),
            "--tls-client-ca", folder.resolve("client.crt").toString())) {
      TlsOptions trusting = TlsOptions.defaults().ca(folder.resolve("server.crt"));
      TlsOptions known =
          trusting.certificate(folder.resolve("client.crt"), folder.resolve("client.key"));
      assertTrue(set(secure, known));
      assertTrue(set(secure, known.serverName("server.example")));
      assertFalse(
          set(secure, known.serverName("other.example")), "the certificate has another name");
      assertFalse(set(secure, trusting), "the server wants a certificate");
      assertFalse(
          set(
              secure,
              TlsOptions.defaults()
                  .certificate(folder.resolve("client.crt"), folder.resolve("client.key"))));
    }
  }

  private static boolean set(TestServer secure, TlsOptions tls) {
    RepriseOptions options = PLAIN.tls(tls).credential("secret").deadline(Duration.ofSeconds(20));
    try (RepriseClient made = RepriseClient.connect(secure.address(), options)) {
      return made.set("k", 1).stored();
    } catch (UnavailableException refused) {
      return false;
    }
  }
}
