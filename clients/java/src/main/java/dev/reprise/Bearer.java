package dev.reprise;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Sends a credential with each call. */
final class Bearer extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Supplier<String> credential;

  Bearer(Supplier<String> credential) {
    this.credential = credential;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    executor.execute(() -> apply(applier));
  }

  private void apply(MetadataApplier applier) {
    try {
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + credential.get());
      applier.apply(headers);
    } catch (RuntimeException failed) {
      applier.fail(
          Status.UNAUTHENTICATED
              .withDescription("The credential could not be had")
              .withCause(failed));
    }
  }
}
