package dev.reprise.bench;

import dev.reprise.v1.BatchGetRequest;
import dev.reprise.v1.BatchGetResult;
import dev.reprise.v1.CacheServiceGrpc;
import dev.reprise.v1.GetRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;

/** The generated blocking stub alone, as somebody without the client would use it. */
final class Stub implements AutoCloseable {
  private final Command command;
  private final ManagedChannel channel;
  private final CacheServiceGrpc.CacheServiceBlockingStub stub;

  Stub(Command command) {
    this.command = command;
    channel = ManagedChannelBuilder.forTarget(command.address()).usePlaintext().build();
    stub = CacheServiceGrpc.newBlockingStub(channel);
  }

  /** Reads the first key. */
  int get() {
    var key = command.keys().get(0);
    var request = GetRequest.newBuilder().setNamespace(command.namespace()).setKey(key).build();
    return stub.get(request).getHit().getValue().size();
  }

  /** Reads all keys by one call. */
  int getMany() {
    var request =
        BatchGetRequest.newBuilder()
            .setNamespace(command.namespace())
            .addAllKeys(command.keys())
            .build();
    var bytes = 0;
    for (BatchGetResult result : stub.batchGet(request).getResultsList()) {
      bytes += result.getHit().getValue().size();
    }
    return bytes;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
