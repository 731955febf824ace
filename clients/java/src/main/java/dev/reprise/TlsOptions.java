package dev.reprise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the connection is encrypted, and who the client is. */
public final class TlsOptions extends Copied<TlsOptions> {
  private static final TlsOptions DEFAULTS = new TlsOptions();

  byte[] ca;
  byte[] cert;
  byte[] key;
  String serverName;

  private TlsOptions() {}

  /**
   * Returns TLS that trusts the authorities that Java knows.
   *
   * @return the options
   */
  public static TlsOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the authorities to trust instead.
   *
   * @param pem a PEM file
   * @return the changed options
   * @throws UncheckedIOException if it can't be read
   */
  public TlsOptions ca(Path pem) {
    return ca(read(pem));
  }

  /**
   * Sets the authorities to trust instead.
   *
   * @param pem what is in a PEM file
   * @return the changed options
   */
  public TlsOptions ca(byte[] pem) {
    TlsOptions changed = copy();
    changed.ca = pem.clone();
    return changed;
  }

  /**
   * Sets the client's own certificate, where the server asks for one.
   *
   * @param cert a PEM file with the certificate's chain
   * @param key a PEM file with its private key, in PKCS #8
   * @return the changed options
   * @throws UncheckedIOException if one can't be read
   */
  public TlsOptions certificate(Path cert, Path key) {
    return certificate(read(cert), read(key));
  }

  /**
   * Sets the client's own certificate, where the server asks for one.
   *
   * @param cert what is in a PEM file with the certificate's chain
   * @param key what is in a PEM file with its private key, in PKCS #8
   * @return the changed options
   */
  public TlsOptions certificate(byte[] cert, byte[] key) {
    TlsOptions changed = copy();
    changed.cert = cert.clone();
    changed.key = key.clone();
    return changed;
  }

  /**
   * Sets the name that the server's certificate must have.
   *
   * @param serverName the name; that of the target by default
   * @return the changed options
   */
  public TlsOptions serverName(String serverName) {
    TlsOptions changed = copy();
    changed.serverName = serverName;
    return changed;
  }

  private static byte[] read(Path pem) {
    try {
      return Files.readAllBytes(pem);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
