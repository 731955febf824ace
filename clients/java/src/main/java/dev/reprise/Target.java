package dev.reprise;

/**
 * Where a server is.
 *
 * @param host a name or an address, without brackets
 * @param port its port
 */
record Target(String host, int port) {

  static Target parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 1 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) host = host.substring(1, host.length() - 1);
    if (host.isEmpty() || (host.contains(":") && !bracketed)) throw wrong();
    return new Target(host, port(text.substring(colon + 1)));
  }

  /** Whether it is this machine, told by its address or the one name that always means it. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,5}")) throw wrong();
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65535) throw wrong();
    return port;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("A target is HOST:PORT, or [ADDRESS]:PORT for IPv6");
  }
}
