package dev.reprise.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class InvalidationServiceGrpc {

  private InvalidationServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "reprise.v1.InvalidationService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.InvalidateRequest,
      dev.reprise.v1.InvalidateResponse> getInvalidateMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Invalidate",
      requestType = dev.reprise.v1.InvalidateRequest.class,
      responseType = dev.reprise.v1.InvalidateResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.InvalidateRequest,
      dev.reprise.v1.InvalidateResponse> getInvalidateMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.InvalidateRequest, dev.reprise.v1.InvalidateResponse> getInvalidateMethod;
    if ((getInvalidateMethod = InvalidationServiceGrpc.getInvalidateMethod) == null) {
      synchronized (InvalidationServiceGrpc.class) {
        if ((getInvalidateMethod = InvalidationServiceGrpc.getInvalidateMethod) == null) {
          InvalidationServiceGrpc.getInvalidateMethod = getInvalidateMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.InvalidateRequest, dev.reprise.v1.InvalidateResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Invalidate"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.InvalidateRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.InvalidateResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InvalidationServiceMethodDescriptorSupplier("Invalidate"))
              .build();
        }
      }
    }
    return getInvalidateMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.SubscribeRequest,
      dev.reprise.v1.SubscribeResponse> getSubscribeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Subscribe",
      requestType = dev.reprise.v1.SubscribeRequest.class,
      responseType = dev.reprise.v1.SubscribeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.SubscribeRequest,
      dev.reprise.v1.SubscribeResponse> getSubscribeMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.SubscribeRequest, dev.reprise.v1.SubscribeResponse> getSubscribeMethod;
    if ((getSubscribeMethod = InvalidationServiceGrpc.getSubscribeMethod) == null) {
      synchronized (InvalidationServiceGrpc.class) {
        if ((getSubscribeMethod = InvalidationServiceGrpc.getSubscribeMethod) == null) {
          InvalidationServiceGrpc.getSubscribeMethod = getSubscribeMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.SubscribeRequest, dev.reprise.v1.SubscribeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Subscribe"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.SubscribeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.SubscribeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InvalidationServiceMethodDescriptorSupplier("Subscribe"))
              .build();
        }
      }
    }
    return getSubscribeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.GetHeadRequest,
      dev.reprise.v1.GetHeadResponse> getGetHeadMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetHead",
      requestType = dev.reprise.v1.GetHeadRequest.class,
      responseType = dev.reprise.v1.GetHeadResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.GetHeadRequest,
      dev.reprise.v1.GetHeadResponse> getGetHeadMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.GetHeadRequest, dev.reprise.v1.GetHeadResponse> getGetHeadMethod;
    if ((getGetHeadMethod = InvalidationServiceGrpc.getGetHeadMethod) == null) {
      synchronized (InvalidationServiceGrpc.class) {
        if ((getGetHeadMethod = InvalidationServiceGrpc.getGetHeadMethod) == null) {
          InvalidationServiceGrpc.getGetHeadMethod = getGetHeadMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.GetHeadRequest, dev.reprise.v1.GetHeadResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetHead"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetHeadRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetHeadResponse.getDefaultInstance()))
              .setSchemaDescriptor(new InvalidationServiceMethodDescriptorSupplier("GetHead"))
              .build();
        }
      }
    }
    return getGetHeadMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static InvalidationServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceStub>() {
        @java.lang.Override
        public InvalidationServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InvalidationServiceStub(channel, callOptions);
        }
      };
    return InvalidationServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static InvalidationServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceBlockingV2Stub>() {
        @java.lang.Override
        public InvalidationServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InvalidationServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return InvalidationServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static InvalidationServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceBlockingStub>() {
        @java.lang.Override
        public InvalidationServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InvalidationServiceBlockingStub(channel, callOptions);
        }
      };
    return InvalidationServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static InvalidationServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<InvalidationServiceFutureStub>() {
        @java.lang.Override
        public InvalidationServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new InvalidationServiceFutureStub(channel, callOptions);
        }
      };
    return InvalidationServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Invalidates what a selector covers. Tags, prefix and namespace take the same short time whatever they cover. After
     * the answer no value whose computation began before it is visible (promise NoResurrection), and a Set acknowledged
     * afterwards is visible (promise WriteVisible). Idempotent in effect: repeating it invalidates what was set since.
     * </pre>
     */
    default void invalidate(dev.reprise.v1.InvalidateRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.InvalidateResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getInvalidateMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the changes of one namespace that match a filter, as they happen. The first response is Ready, or where the
     * token can't be honoured Reset and then Ready. Until the caller or the server ends the stream:
     * - NoSilentGap: between two tokens of a stream the caller has received every matching change of each partition in
     *   order, or a newer change of the same key, tag, prefix or namespace, or a Reset. Between partitions there is no order.
     * - Resumable: a stream that is opened with the last token of another one, here or on any other node, goes on after it
     *   or begins with a Reset. It never fails because of the token.
     * - Bookmarkable: a token means that all matching changes up to it were sent before it.
     * - Bounded: writers never wait for a caller who reads slowly. What waits for him is limited; beyond the limit only the
     *   newest change of each key, tag, prefix or namespace is kept, and beyond that he gets a Reset. A change that marks
     *   stale never stands for one that removes or replaces.
     * What the caller must do: keep the newest token received; treat a Reset as "anything may have changed" and drop what
     * it derived from the stream; when the stream ends for whatever reason, open it again with the newest token, after
     * `retry_after` or a growing and random delay. docs/streaming.md has the loop. The namespace's end ends the stream with
     * NAMESPACE_NOT_FOUND.
     * </pre>
     */
    default void subscribe(dev.reprise.v1.SubscribeRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.SubscribeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSubscribeMethod(), responseObserver);
    }

    /**
     * <pre>
     * Proves to a caller who keeps a near cache how fresh it is, on any node. The answer's `head` stands after all that was
     * acknowledged until `age` before the call was sent. Once a later call, with the token that the caller's stream had told
     * by then, says that this head is covered, the stream has told all of that: the near cache is as fresh. A stream alone
     * proves nothing: what it said last may have waited anywhere. docs/near-cache.md has the rules. STORE_UNAVAILABLE if the
     * node can't prove anything now.
     * </pre>
     */
    default void getHead(dev.reprise.v1.GetHeadRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetHeadResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetHeadMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service InvalidationService.
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public static abstract class InvalidationServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return InvalidationServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service InvalidationService.
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public static final class InvalidationServiceStub
      extends io.grpc.stub.AbstractAsyncStub<InvalidationServiceStub> {
    private InvalidationServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InvalidationServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InvalidationServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Invalidates what a selector covers. Tags, prefix and namespace take the same short time whatever they cover. After
     * the answer no value whose computation began before it is visible (promise NoResurrection), and a Set acknowledged
     * afterwards is visible (promise WriteVisible). Idempotent in effect: repeating it invalidates what was set since.
     * </pre>
     */
    public void invalidate(dev.reprise.v1.InvalidateRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.InvalidateResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getInvalidateMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the changes of one namespace that match a filter, as they happen. The first response is Ready, or where the
     * token can't be honoured Reset and then Ready. Until the caller or the server ends the stream:
     * - NoSilentGap: between two tokens of a stream the caller has received every matching change of each partition in
     *   order, or a newer change of the same key, tag, prefix or namespace, or a Reset. Between partitions there is no order.
     * - Resumable: a stream that is opened with the last token of another one, here or on any other node, goes on after it
     *   or begins with a Reset. It never fails because of the token.
     * - Bookmarkable: a token means that all matching changes up to it were sent before it.
     * - Bounded: writers never wait for a caller who reads slowly. What waits for him is limited; beyond the limit only the
     *   newest change of each key, tag, prefix or namespace is kept, and beyond that he gets a Reset. A change that marks
     *   stale never stands for one that removes or replaces.
     * What the caller must do: keep the newest token received; treat a Reset as "anything may have changed" and drop what
     * it derived from the stream; when the stream ends for whatever reason, open it again with the newest token, after
     * `retry_after` or a growing and random delay. docs/streaming.md has the loop. The namespace's end ends the stream with
     * NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public void subscribe(dev.reprise.v1.SubscribeRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.SubscribeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getSubscribeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Proves to a caller who keeps a near cache how fresh it is, on any node. The answer's `head` stands after all that was
     * acknowledged until `age` before the call was sent. Once a later call, with the token that the caller's stream had told
     * by then, says that this head is covered, the stream has told all of that: the near cache is as fresh. A stream alone
     * proves nothing: what it said last may have waited anywhere. docs/near-cache.md has the rules. STORE_UNAVAILABLE if the
     * node can't prove anything now.
     * </pre>
     */
    public void getHead(dev.reprise.v1.GetHeadRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetHeadResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetHeadMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service InvalidationService.
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public static final class InvalidationServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<InvalidationServiceBlockingV2Stub> {
    private InvalidationServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InvalidationServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InvalidationServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Invalidates what a selector covers. Tags, prefix and namespace take the same short time whatever they cover. After
     * the answer no value whose computation began before it is visible (promise NoResurrection), and a Set acknowledged
     * afterwards is visible (promise WriteVisible). Idempotent in effect: repeating it invalidates what was set since.
     * </pre>
     */
    public dev.reprise.v1.InvalidateResponse invalidate(dev.reprise.v1.InvalidateRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getInvalidateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the changes of one namespace that match a filter, as they happen. The first response is Ready, or where the
     * token can't be honoured Reset and then Ready. Until the caller or the server ends the stream:
     * - NoSilentGap: between two tokens of a stream the caller has received every matching change of each partition in
     *   order, or a newer change of the same key, tag, prefix or namespace, or a Reset. Between partitions there is no order.
     * - Resumable: a stream that is opened with the last token of another one, here or on any other node, goes on after it
     *   or begins with a Reset. It never fails because of the token.
     * - Bookmarkable: a token means that all matching changes up to it were sent before it.
     * - Bounded: writers never wait for a caller who reads slowly. What waits for him is limited; beyond the limit only the
     *   newest change of each key, tag, prefix or namespace is kept, and beyond that he gets a Reset. A change that marks
     *   stale never stands for one that removes or replaces.
     * What the caller must do: keep the newest token received; treat a Reset as "anything may have changed" and drop what
     * it derived from the stream; when the stream ends for whatever reason, open it again with the newest token, after
     * `retry_after` or a growing and random delay. docs/streaming.md has the loop. The namespace's end ends the stream with
     * NAMESPACE_NOT_FOUND.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.reprise.v1.SubscribeResponse>
        subscribe(dev.reprise.v1.SubscribeRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getSubscribeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Proves to a caller who keeps a near cache how fresh it is, on any node. The answer's `head` stands after all that was
     * acknowledged until `age` before the call was sent. Once a later call, with the token that the caller's stream had told
     * by then, says that this head is covered, the stream has told all of that: the near cache is as fresh. A stream alone
     * proves nothing: what it said last may have waited anywhere. docs/near-cache.md has the rules. STORE_UNAVAILABLE if the
     * node can't prove anything now.
     * </pre>
     */
    public dev.reprise.v1.GetHeadResponse getHead(dev.reprise.v1.GetHeadRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetHeadMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service InvalidationService.
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public static final class InvalidationServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<InvalidationServiceBlockingStub> {
    private InvalidationServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InvalidationServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InvalidationServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Invalidates what a selector covers. Tags, prefix and namespace take the same short time whatever they cover. After
     * the answer no value whose computation began before it is visible (promise NoResurrection), and a Set acknowledged
     * afterwards is visible (promise WriteVisible). Idempotent in effect: repeating it invalidates what was set since.
     * </pre>
     */
    public dev.reprise.v1.InvalidateResponse invalidate(dev.reprise.v1.InvalidateRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getInvalidateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the changes of one namespace that match a filter, as they happen. The first response is Ready, or where the
     * token can't be honoured Reset and then Ready. Until the caller or the server ends the stream:
     * - NoSilentGap: between two tokens of a stream the caller has received every matching change of each partition in
     *   order, or a newer change of the same key, tag, prefix or namespace, or a Reset. Between partitions there is no order.
     * - Resumable: a stream that is opened with the last token of another one, here or on any other node, goes on after it
     *   or begins with a Reset. It never fails because of the token.
     * - Bookmarkable: a token means that all matching changes up to it were sent before it.
     * - Bounded: writers never wait for a caller who reads slowly. What waits for him is limited; beyond the limit only the
     *   newest change of each key, tag, prefix or namespace is kept, and beyond that he gets a Reset. A change that marks
     *   stale never stands for one that removes or replaces.
     * What the caller must do: keep the newest token received; treat a Reset as "anything may have changed" and drop what
     * it derived from the stream; when the stream ends for whatever reason, open it again with the newest token, after
     * `retry_after` or a growing and random delay. docs/streaming.md has the loop. The namespace's end ends the stream with
     * NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public java.util.Iterator<dev.reprise.v1.SubscribeResponse> subscribe(
        dev.reprise.v1.SubscribeRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getSubscribeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Proves to a caller who keeps a near cache how fresh it is, on any node. The answer's `head` stands after all that was
     * acknowledged until `age` before the call was sent. Once a later call, with the token that the caller's stream had told
     * by then, says that this head is covered, the stream has told all of that: the near cache is as fresh. A stream alone
     * proves nothing: what it said last may have waited anywhere. docs/near-cache.md has the rules. STORE_UNAVAILABLE if the
     * node can't prove anything now.
     * </pre>
     */
    public dev.reprise.v1.GetHeadResponse getHead(dev.reprise.v1.GetHeadRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetHeadMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service InvalidationService.
   * <pre>
   * Tells the cache that the source of its data has changed, and tells callers what changed in the cache.
   * </pre>
   */
  public static final class InvalidationServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<InvalidationServiceFutureStub> {
    private InvalidationServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected InvalidationServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new InvalidationServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Invalidates what a selector covers. Tags, prefix and namespace take the same short time whatever they cover. After
     * the answer no value whose computation began before it is visible (promise NoResurrection), and a Set acknowledged
     * afterwards is visible (promise WriteVisible). Idempotent in effect: repeating it invalidates what was set since.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.InvalidateResponse> invalidate(
        dev.reprise.v1.InvalidateRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getInvalidateMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Proves to a caller who keeps a near cache how fresh it is, on any node. The answer's `head` stands after all that was
     * acknowledged until `age` before the call was sent. Once a later call, with the token that the caller's stream had told
     * by then, says that this head is covered, the stream has told all of that: the near cache is as fresh. A stream alone
     * proves nothing: what it said last may have waited anywhere. docs/near-cache.md has the rules. STORE_UNAVAILABLE if the
     * node can't prove anything now.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.GetHeadResponse> getHead(
        dev.reprise.v1.GetHeadRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetHeadMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_INVALIDATE = 0;
  private static final int METHODID_SUBSCRIBE = 1;
  private static final int METHODID_GET_HEAD = 2;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_INVALIDATE:
          serviceImpl.invalidate((dev.reprise.v1.InvalidateRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.InvalidateResponse>) responseObserver);
          break;
        case METHODID_SUBSCRIBE:
          serviceImpl.subscribe((dev.reprise.v1.SubscribeRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.SubscribeResponse>) responseObserver);
          break;
        case METHODID_GET_HEAD:
          serviceImpl.getHead((dev.reprise.v1.GetHeadRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.GetHeadResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getInvalidateMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.InvalidateRequest,
              dev.reprise.v1.InvalidateResponse>(
                service, METHODID_INVALIDATE)))
        .addMethod(
          getSubscribeMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.reprise.v1.SubscribeRequest,
              dev.reprise.v1.SubscribeResponse>(
                service, METHODID_SUBSCRIBE)))
        .addMethod(
          getGetHeadMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.GetHeadRequest,
              dev.reprise.v1.GetHeadResponse>(
                service, METHODID_GET_HEAD)))
        .build();
  }

  private static abstract class InvalidationServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    InvalidationServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.reprise.v1.InvalidationServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("InvalidationService");
    }
  }

  private static final class InvalidationServiceFileDescriptorSupplier
      extends InvalidationServiceBaseDescriptorSupplier {
    InvalidationServiceFileDescriptorSupplier() {}
  }

  private static final class InvalidationServiceMethodDescriptorSupplier
      extends InvalidationServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    InvalidationServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (InvalidationServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new InvalidationServiceFileDescriptorSupplier())
              .addMethod(getInvalidateMethod())
              .addMethod(getSubscribeMethod())
              .addMethod(getGetHeadMethod())
              .build();
        }
      }
    }
    return result;
  }
}
