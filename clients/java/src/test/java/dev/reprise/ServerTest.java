package dev.reprise;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What tests against the shared server have: a namespace of their own, and clients that are closed
 * after each.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ServerTest {
  final TestServer server = TestServer.shared();
  final List<RepriseClient> clients = new ArrayList<>();
  String namespace;
  RepriseClient client;

  @BeforeEach
  void open() {
    namespace = server.newNamespace();
    client = connect(RepriseOptions.defaults());
  }

  @AfterEach
  void close() {
    clients.forEach(RepriseClient::close);
  }

  RepriseClient connect(RepriseOptions options) {
    RepriseClient made = server.connect(options.namespace(namespace));
    clients.add(made);
    return made;
  }
}
