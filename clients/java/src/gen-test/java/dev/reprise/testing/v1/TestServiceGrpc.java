package dev.reprise.testing.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
 * reaches it may break it. docs/testing.md shows how to use it.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TestServiceGrpc {

  private TestServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "reprise.testing.v1.TestService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.reprise.testing.v1.AdvanceTimeRequest,
      dev.reprise.testing.v1.AdvanceTimeResponse> getAdvanceTimeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AdvanceTime",
      requestType = dev.reprise.testing.v1.AdvanceTimeRequest.class,
      responseType = dev.reprise.testing.v1.AdvanceTimeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.testing.v1.AdvanceTimeRequest,
      dev.reprise.testing.v1.AdvanceTimeResponse> getAdvanceTimeMethod() {
    io.grpc.MethodDescriptor<dev.reprise.testing.v1.AdvanceTimeRequest, dev.reprise.testing.v1.AdvanceTimeResponse> getAdvanceTimeMethod;
    if ((getAdvanceTimeMethod = TestServiceGrpc.getAdvanceTimeMethod) == null) {
      synchronized (TestServiceGrpc.class) {
        if ((getAdvanceTimeMethod = TestServiceGrpc.getAdvanceTimeMethod) == null) {
          TestServiceGrpc.getAdvanceTimeMethod = getAdvanceTimeMethod =
              io.grpc.MethodDescriptor.<dev.reprise.testing.v1.AdvanceTimeRequest, dev.reprise.testing.v1.AdvanceTimeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AdvanceTime"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.AdvanceTimeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.AdvanceTimeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TestServiceMethodDescriptorSupplier("AdvanceTime"))
              .build();
        }
      }
    }
    return getAdvanceTimeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.testing.v1.InjectFaultRequest,
      dev.reprise.testing.v1.InjectFaultResponse> getInjectFaultMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "InjectFault",
      requestType = dev.reprise.testing.v1.InjectFaultRequest.class,
      responseType = dev.reprise.testing.v1.InjectFaultResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.testing.v1.InjectFaultRequest,
      dev.reprise.testing.v1.InjectFaultResponse> getInjectFaultMethod() {
    io.grpc.MethodDescriptor<dev.reprise.testing.v1.InjectFaultRequest, dev.reprise.testing.v1.InjectFaultResponse> getInjectFaultMethod;
    if ((getInjectFaultMethod = TestServiceGrpc.getInjectFaultMethod) == null) {
      synchronized (TestServiceGrpc.class) {
        if ((getInjectFaultMethod = TestServiceGrpc.getInjectFaultMethod) == null) {
          TestServiceGrpc.getInjectFaultMethod = getInjectFaultMethod =
              io.grpc.MethodDescriptor.<dev.reprise.testing.v1.InjectFaultRequest, dev.reprise.testing.v1.InjectFaultResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "InjectFault"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.InjectFaultRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.InjectFaultResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TestServiceMethodDescriptorSupplier("InjectFault"))
              .build();
        }
      }
    }
    return getInjectFaultMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.testing.v1.ClearFaultsRequest,
      dev.reprise.testing.v1.ClearFaultsResponse> getClearFaultsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ClearFaults",
      requestType = dev.reprise.testing.v1.ClearFaultsRequest.class,
      responseType = dev.reprise.testing.v1.ClearFaultsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.testing.v1.ClearFaultsRequest,
      dev.reprise.testing.v1.ClearFaultsResponse> getClearFaultsMethod() {
    io.grpc.MethodDescriptor<dev.reprise.testing.v1.ClearFaultsRequest, dev.reprise.testing.v1.ClearFaultsResponse> getClearFaultsMethod;
    if ((getClearFaultsMethod = TestServiceGrpc.getClearFaultsMethod) == null) {
      synchronized (TestServiceGrpc.class) {
        if ((getClearFaultsMethod = TestServiceGrpc.getClearFaultsMethod) == null) {
          TestServiceGrpc.getClearFaultsMethod = getClearFaultsMethod =
              io.grpc.MethodDescriptor.<dev.reprise.testing.v1.ClearFaultsRequest, dev.reprise.testing.v1.ClearFaultsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ClearFaults"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.ClearFaultsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.ClearFaultsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TestServiceMethodDescriptorSupplier("ClearFaults"))
              .build();
        }
      }
    }
    return getClearFaultsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.testing.v1.BreakStreamsRequest,
      dev.reprise.testing.v1.BreakStreamsResponse> getBreakStreamsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BreakStreams",
      requestType = dev.reprise.testing.v1.BreakStreamsRequest.class,
      responseType = dev.reprise.testing.v1.BreakStreamsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.testing.v1.BreakStreamsRequest,
      dev.reprise.testing.v1.BreakStreamsResponse> getBreakStreamsMethod() {
    io.grpc.MethodDescriptor<dev.reprise.testing.v1.BreakStreamsRequest, dev.reprise.testing.v1.BreakStreamsResponse> getBreakStreamsMethod;
    if ((getBreakStreamsMethod = TestServiceGrpc.getBreakStreamsMethod) == null) {
      synchronized (TestServiceGrpc.class) {
        if ((getBreakStreamsMethod = TestServiceGrpc.getBreakStreamsMethod) == null) {
          TestServiceGrpc.getBreakStreamsMethod = getBreakStreamsMethod =
              io.grpc.MethodDescriptor.<dev.reprise.testing.v1.BreakStreamsRequest, dev.reprise.testing.v1.BreakStreamsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BreakStreams"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.BreakStreamsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.BreakStreamsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TestServiceMethodDescriptorSupplier("BreakStreams"))
              .build();
        }
      }
    }
    return getBreakStreamsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.testing.v1.ListCallsRequest,
      dev.reprise.testing.v1.ListCallsResponse> getListCallsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListCalls",
      requestType = dev.reprise.testing.v1.ListCallsRequest.class,
      responseType = dev.reprise.testing.v1.ListCallsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.testing.v1.ListCallsRequest,
      dev.reprise.testing.v1.ListCallsResponse> getListCallsMethod() {
    io.grpc.MethodDescriptor<dev.reprise.testing.v1.ListCallsRequest, dev.reprise.testing.v1.ListCallsResponse> getListCallsMethod;
    if ((getListCallsMethod = TestServiceGrpc.getListCallsMethod) == null) {
      synchronized (TestServiceGrpc.class) {
        if ((getListCallsMethod = TestServiceGrpc.getListCallsMethod) == null) {
          TestServiceGrpc.getListCallsMethod = getListCallsMethod =
              io.grpc.MethodDescriptor.<dev.reprise.testing.v1.ListCallsRequest, dev.reprise.testing.v1.ListCallsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListCalls"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.ListCallsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.testing.v1.ListCallsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TestServiceMethodDescriptorSupplier("ListCalls"))
              .build();
        }
      }
    }
    return getListCallsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TestServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TestServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TestServiceStub>() {
        @java.lang.Override
        public TestServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TestServiceStub(channel, callOptions);
        }
      };
    return TestServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TestServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TestServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TestServiceBlockingV2Stub>() {
        @java.lang.Override
        public TestServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TestServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TestServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TestServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TestServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TestServiceBlockingStub>() {
        @java.lang.Override
        public TestServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TestServiceBlockingStub(channel, callOptions);
        }
      };
    return TestServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TestServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TestServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TestServiceFutureStub>() {
        @java.lang.Override
        public TestServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TestServiceFutureStub(channel, callOptions);
        }
      };
    return TestServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Moves the server's clock on: lifetimes, leases, fences and request ids are older by so much at once. Deadlines of
     * calls don't notice. CLOCK_SHARED on a node of a fleet, whose time is its store's.
     * </pre>
     */
    default void advanceTime(dev.reprise.testing.v1.AdvanceTimeRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.AdvanceTimeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAdvanceTimeMethod(), responseObserver);
    }

    /**
     * <pre>
     * Adds a fault. The oldest that concerns a call is applied to it, and no other.
     * </pre>
     */
    default void injectFault(dev.reprise.testing.v1.InjectFaultRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.InjectFaultResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getInjectFaultMethod(), responseObserver);
    }

    /**
     * <pre>
     * Takes faults back. Calls that wait for a delay go on waiting, streams that were broken stay so.
     * </pre>
     */
    default void clearFaults(dev.reprise.testing.v1.ClearFaultsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ClearFaultsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getClearFaultsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Breaks the streams of Subscribe that are open now. Those that are opened later are not concerned.
     * </pre>
     */
    default void breakStreams(dev.reprise.testing.v1.BreakStreamsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.BreakStreamsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBreakStreamsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns the newest calls, at most 1000, as they came and how they were answered, oldest first.
     * </pre>
     */
    default void listCalls(dev.reprise.testing.v1.ListCallsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ListCallsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListCallsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TestService.
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public static abstract class TestServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TestServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TestService.
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public static final class TestServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TestServiceStub> {
    private TestServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TestServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TestServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Moves the server's clock on: lifetimes, leases, fences and request ids are older by so much at once. Deadlines of
     * calls don't notice. CLOCK_SHARED on a node of a fleet, whose time is its store's.
     * </pre>
     */
    public void advanceTime(dev.reprise.testing.v1.AdvanceTimeRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.AdvanceTimeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAdvanceTimeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Adds a fault. The oldest that concerns a call is applied to it, and no other.
     * </pre>
     */
    public void injectFault(dev.reprise.testing.v1.InjectFaultRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.InjectFaultResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getInjectFaultMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Takes faults back. Calls that wait for a delay go on waiting, streams that were broken stay so.
     * </pre>
     */
    public void clearFaults(dev.reprise.testing.v1.ClearFaultsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ClearFaultsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getClearFaultsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Breaks the streams of Subscribe that are open now. Those that are opened later are not concerned.
     * </pre>
     */
    public void breakStreams(dev.reprise.testing.v1.BreakStreamsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.BreakStreamsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBreakStreamsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns the newest calls, at most 1000, as they came and how they were answered, oldest first.
     * </pre>
     */
    public void listCalls(dev.reprise.testing.v1.ListCallsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ListCallsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListCallsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TestService.
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public static final class TestServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TestServiceBlockingV2Stub> {
    private TestServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TestServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TestServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Moves the server's clock on: lifetimes, leases, fences and request ids are older by so much at once. Deadlines of
     * calls don't notice. CLOCK_SHARED on a node of a fleet, whose time is its store's.
     * </pre>
     */
    public dev.reprise.testing.v1.AdvanceTimeResponse advanceTime(dev.reprise.testing.v1.AdvanceTimeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAdvanceTimeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds a fault. The oldest that concerns a call is applied to it, and no other.
     * </pre>
     */
    public dev.reprise.testing.v1.InjectFaultResponse injectFault(dev.reprise.testing.v1.InjectFaultRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getInjectFaultMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes faults back. Calls that wait for a delay go on waiting, streams that were broken stay so.
     * </pre>
     */
    public dev.reprise.testing.v1.ClearFaultsResponse clearFaults(dev.reprise.testing.v1.ClearFaultsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getClearFaultsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Breaks the streams of Subscribe that are open now. Those that are opened later are not concerned.
     * </pre>
     */
    public dev.reprise.testing.v1.BreakStreamsResponse breakStreams(dev.reprise.testing.v1.BreakStreamsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBreakStreamsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the newest calls, at most 1000, as they came and how they were answered, oldest first.
     * </pre>
     */
    public dev.reprise.testing.v1.ListCallsResponse listCalls(dev.reprise.testing.v1.ListCallsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListCallsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TestService.
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public static final class TestServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TestServiceBlockingStub> {
    private TestServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TestServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TestServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Moves the server's clock on: lifetimes, leases, fences and request ids are older by so much at once. Deadlines of
     * calls don't notice. CLOCK_SHARED on a node of a fleet, whose time is its store's.
     * </pre>
     */
    public dev.reprise.testing.v1.AdvanceTimeResponse advanceTime(dev.reprise.testing.v1.AdvanceTimeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAdvanceTimeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds a fault. The oldest that concerns a call is applied to it, and no other.
     * </pre>
     */
    public dev.reprise.testing.v1.InjectFaultResponse injectFault(dev.reprise.testing.v1.InjectFaultRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getInjectFaultMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes faults back. Calls that wait for a delay go on waiting, streams that were broken stay so.
     * </pre>
     */
    public dev.reprise.testing.v1.ClearFaultsResponse clearFaults(dev.reprise.testing.v1.ClearFaultsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getClearFaultsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Breaks the streams of Subscribe that are open now. Those that are opened later are not concerned.
     * </pre>
     */
    public dev.reprise.testing.v1.BreakStreamsResponse breakStreams(dev.reprise.testing.v1.BreakStreamsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBreakStreamsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the newest calls, at most 1000, as they came and how they were answered, oldest first.
     * </pre>
     */
    public dev.reprise.testing.v1.ListCallsResponse listCalls(dev.reprise.testing.v1.ListCallsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListCallsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TestService.
   * <pre>
   * Lets tests decide what time it is and what fails. Only on a server that was started with `--testing`; everybody who
   * reaches it may break it. docs/testing.md shows how to use it.
   * </pre>
   */
  public static final class TestServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TestServiceFutureStub> {
    private TestServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TestServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TestServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Moves the server's clock on: lifetimes, leases, fences and request ids are older by so much at once. Deadlines of
     * calls don't notice. CLOCK_SHARED on a node of a fleet, whose time is its store's.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.testing.v1.AdvanceTimeResponse> advanceTime(
        dev.reprise.testing.v1.AdvanceTimeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAdvanceTimeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Adds a fault. The oldest that concerns a call is applied to it, and no other.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.testing.v1.InjectFaultResponse> injectFault(
        dev.reprise.testing.v1.InjectFaultRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getInjectFaultMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Takes faults back. Calls that wait for a delay go on waiting, streams that were broken stay so.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.testing.v1.ClearFaultsResponse> clearFaults(
        dev.reprise.testing.v1.ClearFaultsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getClearFaultsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Breaks the streams of Subscribe that are open now. Those that are opened later are not concerned.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.testing.v1.BreakStreamsResponse> breakStreams(
        dev.reprise.testing.v1.BreakStreamsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBreakStreamsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns the newest calls, at most 1000, as they came and how they were answered, oldest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.testing.v1.ListCallsResponse> listCalls(
        dev.reprise.testing.v1.ListCallsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListCallsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_ADVANCE_TIME = 0;
  private static final int METHODID_INJECT_FAULT = 1;
  private static final int METHODID_CLEAR_FAULTS = 2;
  private static final int METHODID_BREAK_STREAMS = 3;
  private static final int METHODID_LIST_CALLS = 4;

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
        case METHODID_ADVANCE_TIME:
          serviceImpl.advanceTime((dev.reprise.testing.v1.AdvanceTimeRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.testing.v1.AdvanceTimeResponse>) responseObserver);
          break;
        case METHODID_INJECT_FAULT:
          serviceImpl.injectFault((dev.reprise.testing.v1.InjectFaultRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.testing.v1.InjectFaultResponse>) responseObserver);
          break;
        case METHODID_CLEAR_FAULTS:
          serviceImpl.clearFaults((dev.reprise.testing.v1.ClearFaultsRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ClearFaultsResponse>) responseObserver);
          break;
        case METHODID_BREAK_STREAMS:
          serviceImpl.breakStreams((dev.reprise.testing.v1.BreakStreamsRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.testing.v1.BreakStreamsResponse>) responseObserver);
          break;
        case METHODID_LIST_CALLS:
          serviceImpl.listCalls((dev.reprise.testing.v1.ListCallsRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.testing.v1.ListCallsResponse>) responseObserver);
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
          getAdvanceTimeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.testing.v1.AdvanceTimeRequest,
              dev.reprise.testing.v1.AdvanceTimeResponse>(
                service, METHODID_ADVANCE_TIME)))
        .addMethod(
          getInjectFaultMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.testing.v1.InjectFaultRequest,
              dev.reprise.testing.v1.InjectFaultResponse>(
                service, METHODID_INJECT_FAULT)))
        .addMethod(
          getClearFaultsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.testing.v1.ClearFaultsRequest,
              dev.reprise.testing.v1.ClearFaultsResponse>(
                service, METHODID_CLEAR_FAULTS)))
        .addMethod(
          getBreakStreamsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.testing.v1.BreakStreamsRequest,
              dev.reprise.testing.v1.BreakStreamsResponse>(
                service, METHODID_BREAK_STREAMS)))
        .addMethod(
          getListCallsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.testing.v1.ListCallsRequest,
              dev.reprise.testing.v1.ListCallsResponse>(
                service, METHODID_LIST_CALLS)))
        .build();
  }

  private static abstract class TestServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TestServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.reprise.testing.v1.TestServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TestService");
    }
  }

  private static final class TestServiceFileDescriptorSupplier
      extends TestServiceBaseDescriptorSupplier {
    TestServiceFileDescriptorSupplier() {}
  }

  private static final class TestServiceMethodDescriptorSupplier
      extends TestServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TestServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TestServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TestServiceFileDescriptorSupplier())
              .addMethod(getAdvanceTimeMethod())
              .addMethod(getInjectFaultMethod())
              .addMethod(getClearFaultsMethod())
              .addMethod(getBreakStreamsMethod())
              .addMethod(getListCallsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
