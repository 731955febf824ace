package dev.reprise;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on, until it is told to swallow those of its connections or to cut them. */
final class Proxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

  /** Connections that their client gave up. */
  final AtomicInteger given = new AtomicInteger();

  Proxy(String target) {
    port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    run(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** Lets all connections that are open now carry nothing any more. */
  void swallow() {
    silent.addAll(open);
  }

  void cut() {
    open.forEach(Proxy::end);
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listening.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(from);
        open.add(to);
        run(() -> copy(to, from));
        run(
            () -> {
              copy(from, to);
              given.incrementAndGet();
            });
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] some = new byte[1 << 14];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int length = in.read(some); length >= 0; length = in.read(some)) {
        if (!silent.contains(from)) to.getOutputStream().write(some, 0, length);
      }
    } catch (IOException cut) {
      // So ends a connection that is cut.
    }
    open.remove(from);
    open.remove(to);
    silent.remove(from);
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void end(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception closed) {
      // That is what was wanted.
    }
  }

  @Override
  public void close() {
    end(listening);
    cut();
  }
}
