package dev.reprise.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
 * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
 * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class CacheServiceGrpc {

  private CacheServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "reprise.v1.CacheService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.GetRequest,
      dev.reprise.v1.GetResponse> getGetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Get",
      requestType = dev.reprise.v1.GetRequest.class,
      responseType = dev.reprise.v1.GetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.GetRequest,
      dev.reprise.v1.GetResponse> getGetMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.GetRequest, dev.reprise.v1.GetResponse> getGetMethod;
    if ((getGetMethod = CacheServiceGrpc.getGetMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getGetMethod = CacheServiceGrpc.getGetMethod) == null) {
          CacheServiceGrpc.getGetMethod = getGetMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.GetRequest, dev.reprise.v1.GetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Get"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Get"))
              .build();
        }
      }
    }
    return getGetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.SetRequest,
      dev.reprise.v1.SetResponse> getSetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Set",
      requestType = dev.reprise.v1.SetRequest.class,
      responseType = dev.reprise.v1.SetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.SetRequest,
      dev.reprise.v1.SetResponse> getSetMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.SetRequest, dev.reprise.v1.SetResponse> getSetMethod;
    if ((getSetMethod = CacheServiceGrpc.getSetMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getSetMethod = CacheServiceGrpc.getSetMethod) == null) {
          CacheServiceGrpc.getSetMethod = getSetMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.SetRequest, dev.reprise.v1.SetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Set"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.SetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.SetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Set"))
              .build();
        }
      }
    }
    return getSetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.DeleteRequest,
      dev.reprise.v1.DeleteResponse> getDeleteMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Delete",
      requestType = dev.reprise.v1.DeleteRequest.class,
      responseType = dev.reprise.v1.DeleteResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.DeleteRequest,
      dev.reprise.v1.DeleteResponse> getDeleteMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.DeleteRequest, dev.reprise.v1.DeleteResponse> getDeleteMethod;
    if ((getDeleteMethod = CacheServiceGrpc.getDeleteMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getDeleteMethod = CacheServiceGrpc.getDeleteMethod) == null) {
          CacheServiceGrpc.getDeleteMethod = getDeleteMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.DeleteRequest, dev.reprise.v1.DeleteResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Delete"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DeleteRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DeleteResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Delete"))
              .build();
        }
      }
    }
    return getDeleteMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.TouchRequest,
      dev.reprise.v1.TouchResponse> getTouchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Touch",
      requestType = dev.reprise.v1.TouchRequest.class,
      responseType = dev.reprise.v1.TouchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.TouchRequest,
      dev.reprise.v1.TouchResponse> getTouchMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.TouchRequest, dev.reprise.v1.TouchResponse> getTouchMethod;
    if ((getTouchMethod = CacheServiceGrpc.getTouchMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getTouchMethod = CacheServiceGrpc.getTouchMethod) == null) {
          CacheServiceGrpc.getTouchMethod = getTouchMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.TouchRequest, dev.reprise.v1.TouchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Touch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.TouchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.TouchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Touch"))
              .build();
        }
      }
    }
    return getTouchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.IncrementRequest,
      dev.reprise.v1.IncrementResponse> getIncrementMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Increment",
      requestType = dev.reprise.v1.IncrementRequest.class,
      responseType = dev.reprise.v1.IncrementResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.IncrementRequest,
      dev.reprise.v1.IncrementResponse> getIncrementMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.IncrementRequest, dev.reprise.v1.IncrementResponse> getIncrementMethod;
    if ((getIncrementMethod = CacheServiceGrpc.getIncrementMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getIncrementMethod = CacheServiceGrpc.getIncrementMethod) == null) {
          CacheServiceGrpc.getIncrementMethod = getIncrementMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.IncrementRequest, dev.reprise.v1.IncrementResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Increment"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.IncrementRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.IncrementResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Increment"))
              .build();
        }
      }
    }
    return getIncrementMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.ExistsRequest,
      dev.reprise.v1.ExistsResponse> getExistsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Exists",
      requestType = dev.reprise.v1.ExistsRequest.class,
      responseType = dev.reprise.v1.ExistsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.ExistsRequest,
      dev.reprise.v1.ExistsResponse> getExistsMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.ExistsRequest, dev.reprise.v1.ExistsResponse> getExistsMethod;
    if ((getExistsMethod = CacheServiceGrpc.getExistsMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getExistsMethod = CacheServiceGrpc.getExistsMethod) == null) {
          CacheServiceGrpc.getExistsMethod = getExistsMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.ExistsRequest, dev.reprise.v1.ExistsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Exists"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ExistsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ExistsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("Exists"))
              .build();
        }
      }
    }
    return getExistsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.ReleaseLeaseRequest,
      dev.reprise.v1.ReleaseLeaseResponse> getReleaseLeaseMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReleaseLease",
      requestType = dev.reprise.v1.ReleaseLeaseRequest.class,
      responseType = dev.reprise.v1.ReleaseLeaseResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.ReleaseLeaseRequest,
      dev.reprise.v1.ReleaseLeaseResponse> getReleaseLeaseMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.ReleaseLeaseRequest, dev.reprise.v1.ReleaseLeaseResponse> getReleaseLeaseMethod;
    if ((getReleaseLeaseMethod = CacheServiceGrpc.getReleaseLeaseMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getReleaseLeaseMethod = CacheServiceGrpc.getReleaseLeaseMethod) == null) {
          CacheServiceGrpc.getReleaseLeaseMethod = getReleaseLeaseMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.ReleaseLeaseRequest, dev.reprise.v1.ReleaseLeaseResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReleaseLease"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ReleaseLeaseRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ReleaseLeaseResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("ReleaseLease"))
              .build();
        }
      }
    }
    return getReleaseLeaseMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.BatchGetRequest,
      dev.reprise.v1.BatchGetResponse> getBatchGetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGet",
      requestType = dev.reprise.v1.BatchGetRequest.class,
      responseType = dev.reprise.v1.BatchGetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.BatchGetRequest,
      dev.reprise.v1.BatchGetResponse> getBatchGetMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.BatchGetRequest, dev.reprise.v1.BatchGetResponse> getBatchGetMethod;
    if ((getBatchGetMethod = CacheServiceGrpc.getBatchGetMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getBatchGetMethod = CacheServiceGrpc.getBatchGetMethod) == null) {
          CacheServiceGrpc.getBatchGetMethod = getBatchGetMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.BatchGetRequest, dev.reprise.v1.BatchGetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGet"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchGetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchGetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("BatchGet"))
              .build();
        }
      }
    }
    return getBatchGetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.BatchSetRequest,
      dev.reprise.v1.BatchSetResponse> getBatchSetMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchSet",
      requestType = dev.reprise.v1.BatchSetRequest.class,
      responseType = dev.reprise.v1.BatchSetResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.BatchSetRequest,
      dev.reprise.v1.BatchSetResponse> getBatchSetMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.BatchSetRequest, dev.reprise.v1.BatchSetResponse> getBatchSetMethod;
    if ((getBatchSetMethod = CacheServiceGrpc.getBatchSetMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getBatchSetMethod = CacheServiceGrpc.getBatchSetMethod) == null) {
          CacheServiceGrpc.getBatchSetMethod = getBatchSetMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.BatchSetRequest, dev.reprise.v1.BatchSetResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchSet"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchSetRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchSetResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("BatchSet"))
              .build();
        }
      }
    }
    return getBatchSetMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.BatchDeleteRequest,
      dev.reprise.v1.BatchDeleteResponse> getBatchDeleteMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchDelete",
      requestType = dev.reprise.v1.BatchDeleteRequest.class,
      responseType = dev.reprise.v1.BatchDeleteResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.BatchDeleteRequest,
      dev.reprise.v1.BatchDeleteResponse> getBatchDeleteMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.BatchDeleteRequest, dev.reprise.v1.BatchDeleteResponse> getBatchDeleteMethod;
    if ((getBatchDeleteMethod = CacheServiceGrpc.getBatchDeleteMethod) == null) {
      synchronized (CacheServiceGrpc.class) {
        if ((getBatchDeleteMethod = CacheServiceGrpc.getBatchDeleteMethod) == null) {
          CacheServiceGrpc.getBatchDeleteMethod = getBatchDeleteMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.BatchDeleteRequest, dev.reprise.v1.BatchDeleteResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchDelete"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchDeleteRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.BatchDeleteResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CacheServiceMethodDescriptorSupplier("BatchDelete"))
              .build();
        }
      }
    }
    return getBatchDeleteMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static CacheServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CacheServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CacheServiceStub>() {
        @java.lang.Override
        public CacheServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CacheServiceStub(channel, callOptions);
        }
      };
    return CacheServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static CacheServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CacheServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CacheServiceBlockingV2Stub>() {
        @java.lang.Override
        public CacheServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CacheServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return CacheServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static CacheServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CacheServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CacheServiceBlockingStub>() {
        @java.lang.Override
        public CacheServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CacheServiceBlockingStub(channel, callOptions);
        }
      };
    return CacheServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static CacheServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CacheServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CacheServiceFutureStub>() {
        @java.lang.Override
        public CacheServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CacheServiceFutureStub(channel, callOptions);
        }
      };
    return CacheServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Returns one entry. Promises AtLeastAsFresh and BoundedStaleness; with a lease request also OneFiller: of all
     * callers that miss a key, one is asked to fill it and the others wait for the value.
     * </pre>
     */
    default void get(dev.reprise.v1.GetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes one entry. Promises WriteVisible and, with a lease or a fence, NoResurrection. Not idempotent without
     * `request_id`; with it a retry is applied once (promise OnceOnly).
     * </pre>
     */
    default void set(dev.reprise.v1.SetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.SetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes one entry. A change even if there was none: it voids leases and fences.
     * </pre>
     */
    default void delete(dev.reprise.v1.DeleteRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gives a fresh entry a new lifetime. A stale entry is not touched back to life. A change in any case: it voids leases
     * and fences.
     * </pre>
     */
    default void touch(dev.reprise.v1.TouchRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.TouchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getTouchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Adds to a counter, a decimal int64 in text. Overflow and a value that is no counter are results.
     * </pre>
     */
    default void increment(dev.reprise.v1.IncrementRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.IncrementResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getIncrementMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells whether a Get without `allow_stale` would hit. No change, no lease.
     * </pre>
     */
    default void exists(dev.reprise.v1.ExistsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ExistsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExistsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Hands a lease back after a failed computation: the next waiter is asked at once.
     * </pre>
     */
    default void releaseLease(dev.reprise.v1.ReleaseLeaseRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ReleaseLeaseResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReleaseLeaseMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    default void batchGet(dev.reprise.v1.BatchGetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchGetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Writes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    default void batchSet(dev.reprise.v1.BatchSetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchSetResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchSetMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    default void batchDelete(dev.reprise.v1.BatchDeleteRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchDeleteResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchDeleteMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service CacheService.
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public static abstract class CacheServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return CacheServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service CacheService.
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public static final class CacheServiceStub
      extends io.grpc.stub.AbstractAsyncStub<CacheServiceStub> {
    private CacheServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CacheServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CacheServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns one entry. Promises AtLeastAsFresh and BoundedStaleness; with a lease request also OneFiller: of all
     * callers that miss a key, one is asked to fill it and the others wait for the value.
     * </pre>
     */
    public void get(dev.reprise.v1.GetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes one entry. Promises WriteVisible and, with a lease or a fence, NoResurrection. Not idempotent without
     * `request_id`; with it a retry is applied once (promise OnceOnly).
     * </pre>
     */
    public void set(dev.reprise.v1.SetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.SetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes one entry. A change even if there was none: it voids leases and fences.
     * </pre>
     */
    public void delete(dev.reprise.v1.DeleteRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gives a fresh entry a new lifetime. A stale entry is not touched back to life. A change in any case: it voids leases
     * and fences.
     * </pre>
     */
    public void touch(dev.reprise.v1.TouchRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.TouchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getTouchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Adds to a counter, a decimal int64 in text. Overflow and a value that is no counter are results.
     * </pre>
     */
    public void increment(dev.reprise.v1.IncrementRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.IncrementResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getIncrementMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells whether a Get without `allow_stale` would hit. No change, no lease.
     * </pre>
     */
    public void exists(dev.reprise.v1.ExistsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ExistsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getExistsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Hands a lease back after a failed computation: the next waiter is asked at once.
     * </pre>
     */
    public void releaseLease(dev.reprise.v1.ReleaseLeaseRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ReleaseLeaseResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReleaseLeaseMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public void batchGet(dev.reprise.v1.BatchGetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchGetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Writes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public void batchSet(dev.reprise.v1.BatchSetRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchSetResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchSetMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public void batchDelete(dev.reprise.v1.BatchDeleteRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.BatchDeleteResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchDeleteMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service CacheService.
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public static final class CacheServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<CacheServiceBlockingV2Stub> {
    private CacheServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CacheServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CacheServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns one entry. Promises AtLeastAsFresh and BoundedStaleness; with a lease request also OneFiller: of all
     * callers that miss a key, one is asked to fill it and the others wait for the value.
     * </pre>
     */
    public dev.reprise.v1.GetResponse get(dev.reprise.v1.GetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes one entry. Promises WriteVisible and, with a lease or a fence, NoResurrection. Not idempotent without
     * `request_id`; with it a retry is applied once (promise OnceOnly).
     * </pre>
     */
    public dev.reprise.v1.SetResponse set(dev.reprise.v1.SetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes one entry. A change even if there was none: it voids leases and fences.
     * </pre>
     */
    public dev.reprise.v1.DeleteResponse delete(dev.reprise.v1.DeleteRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gives a fresh entry a new lifetime. A stale entry is not touched back to life. A change in any case: it voids leases
     * and fences.
     * </pre>
     */
    public dev.reprise.v1.TouchResponse touch(dev.reprise.v1.TouchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getTouchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds to a counter, a decimal int64 in text. Overflow and a value that is no counter are results.
     * </pre>
     */
    public dev.reprise.v1.IncrementResponse increment(dev.reprise.v1.IncrementRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getIncrementMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells whether a Get without `allow_stale` would hit. No change, no lease.
     * </pre>
     */
    public dev.reprise.v1.ExistsResponse exists(dev.reprise.v1.ExistsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getExistsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Hands a lease back after a failed computation: the next waiter is asked at once.
     * </pre>
     */
    public dev.reprise.v1.ReleaseLeaseResponse releaseLease(dev.reprise.v1.ReleaseLeaseRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReleaseLeaseMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchGetResponse batchGet(dev.reprise.v1.BatchGetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchSetResponse batchSet(dev.reprise.v1.BatchSetRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchSetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchDeleteResponse batchDelete(dev.reprise.v1.BatchDeleteRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchDeleteMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service CacheService.
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public static final class CacheServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<CacheServiceBlockingStub> {
    private CacheServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CacheServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CacheServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns one entry. Promises AtLeastAsFresh and BoundedStaleness; with a lease request also OneFiller: of all
     * callers that miss a key, one is asked to fill it and the others wait for the value.
     * </pre>
     */
    public dev.reprise.v1.GetResponse get(dev.reprise.v1.GetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes one entry. Promises WriteVisible and, with a lease or a fence, NoResurrection. Not idempotent without
     * `request_id`; with it a retry is applied once (promise OnceOnly).
     * </pre>
     */
    public dev.reprise.v1.SetResponse set(dev.reprise.v1.SetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes one entry. A change even if there was none: it voids leases and fences.
     * </pre>
     */
    public dev.reprise.v1.DeleteResponse delete(dev.reprise.v1.DeleteRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gives a fresh entry a new lifetime. A stale entry is not touched back to life. A change in any case: it voids leases
     * and fences.
     * </pre>
     */
    public dev.reprise.v1.TouchResponse touch(dev.reprise.v1.TouchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getTouchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds to a counter, a decimal int64 in text. Overflow and a value that is no counter are results.
     * </pre>
     */
    public dev.reprise.v1.IncrementResponse increment(dev.reprise.v1.IncrementRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getIncrementMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells whether a Get without `allow_stale` would hit. No change, no lease.
     * </pre>
     */
    public dev.reprise.v1.ExistsResponse exists(dev.reprise.v1.ExistsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getExistsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Hands a lease back after a failed computation: the next waiter is asked at once.
     * </pre>
     */
    public dev.reprise.v1.ReleaseLeaseResponse releaseLease(dev.reprise.v1.ReleaseLeaseRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReleaseLeaseMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchGetResponse batchGet(dev.reprise.v1.BatchGetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Writes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchSetResponse batchSet(dev.reprise.v1.BatchSetRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchSetMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public dev.reprise.v1.BatchDeleteResponse batchDelete(dev.reprise.v1.BatchDeleteRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchDeleteMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service CacheService.
   * <pre>
   * Reads and writes entries. A miss, a lost race and a failed condition are results, not errors; errors carry one
   * `google.rpc.ErrorInfo` whose reason is named in ErrorReason.
   * An empty `namespace` means `default`. A key is 1 to 1024 bytes of UTF-8 without control characters.
   * </pre>
   */
  public static final class CacheServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<CacheServiceFutureStub> {
    private CacheServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CacheServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CacheServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns one entry. Promises AtLeastAsFresh and BoundedStaleness; with a lease request also OneFiller: of all
     * callers that miss a key, one is asked to fill it and the others wait for the value.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.GetResponse> get(
        dev.reprise.v1.GetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes one entry. Promises WriteVisible and, with a lease or a fence, NoResurrection. Not idempotent without
     * `request_id`; with it a retry is applied once (promise OnceOnly).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.SetResponse> set(
        dev.reprise.v1.SetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes one entry. A change even if there was none: it voids leases and fences.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.DeleteResponse> delete(
        dev.reprise.v1.DeleteRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gives a fresh entry a new lifetime. A stale entry is not touched back to life. A change in any case: it voids leases
     * and fences.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.TouchResponse> touch(
        dev.reprise.v1.TouchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getTouchMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Adds to a counter, a decimal int64 in text. Overflow and a value that is no counter are results.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.IncrementResponse> increment(
        dev.reprise.v1.IncrementRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getIncrementMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Tells whether a Get without `allow_stale` would hit. No change, no lease.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.ExistsResponse> exists(
        dev.reprise.v1.ExistsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getExistsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Hands a lease back after a failed computation: the next waiter is asked at once.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.ReleaseLeaseResponse> releaseLease(
        dev.reprise.v1.ReleaseLeaseRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReleaseLeaseMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.BatchGetResponse> batchGet(
        dev.reprise.v1.BatchGetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Writes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.BatchSetResponse> batchSet(
        dev.reprise.v1.BatchSetRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchSetMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes up to 1000 entries of one namespace, each with its own outcome. No atomicity.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.BatchDeleteResponse> batchDelete(
        dev.reprise.v1.BatchDeleteRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchDeleteMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET = 0;
  private static final int METHODID_SET = 1;
  private static final int METHODID_DELETE = 2;
  private static final int METHODID_TOUCH = 3;
  private static final int METHODID_INCREMENT = 4;
  private static final int METHODID_EXISTS = 5;
  private static final int METHODID_RELEASE_LEASE = 6;
  private static final int METHODID_BATCH_GET = 7;
  private static final int METHODID_BATCH_SET = 8;
  private static final int METHODID_BATCH_DELETE = 9;

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
        case METHODID_GET:
          serviceImpl.get((dev.reprise.v1.GetRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.GetResponse>) responseObserver);
          break;
        case METHODID_SET:
          serviceImpl.set((dev.reprise.v1.SetRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.SetResponse>) responseObserver);
          break;
        case METHODID_DELETE:
          serviceImpl.delete((dev.reprise.v1.DeleteRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteResponse>) responseObserver);
          break;
        case METHODID_TOUCH:
          serviceImpl.touch((dev.reprise.v1.TouchRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.TouchResponse>) responseObserver);
          break;
        case METHODID_INCREMENT:
          serviceImpl.increment((dev.reprise.v1.IncrementRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.IncrementResponse>) responseObserver);
          break;
        case METHODID_EXISTS:
          serviceImpl.exists((dev.reprise.v1.ExistsRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.ExistsResponse>) responseObserver);
          break;
        case METHODID_RELEASE_LEASE:
          serviceImpl.releaseLease((dev.reprise.v1.ReleaseLeaseRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.ReleaseLeaseResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET:
          serviceImpl.batchGet((dev.reprise.v1.BatchGetRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.BatchGetResponse>) responseObserver);
          break;
        case METHODID_BATCH_SET:
          serviceImpl.batchSet((dev.reprise.v1.BatchSetRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.BatchSetResponse>) responseObserver);
          break;
        case METHODID_BATCH_DELETE:
          serviceImpl.batchDelete((dev.reprise.v1.BatchDeleteRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.BatchDeleteResponse>) responseObserver);
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
          getGetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.GetRequest,
              dev.reprise.v1.GetResponse>(
                service, METHODID_GET)))
        .addMethod(
          getSetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.SetRequest,
              dev.reprise.v1.SetResponse>(
                service, METHODID_SET)))
        .addMethod(
          getDeleteMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.DeleteRequest,
              dev.reprise.v1.DeleteResponse>(
                service, METHODID_DELETE)))
        .addMethod(
          getTouchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.TouchRequest,
              dev.reprise.v1.TouchResponse>(
                service, METHODID_TOUCH)))
        .addMethod(
          getIncrementMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.IncrementRequest,
              dev.reprise.v1.IncrementResponse>(
                service, METHODID_INCREMENT)))
        .addMethod(
          getExistsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.ExistsRequest,
              dev.reprise.v1.ExistsResponse>(
                service, METHODID_EXISTS)))
        .addMethod(
          getReleaseLeaseMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.ReleaseLeaseRequest,
              dev.reprise.v1.ReleaseLeaseResponse>(
                service, METHODID_RELEASE_LEASE)))
        .addMethod(
          getBatchGetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.BatchGetRequest,
              dev.reprise.v1.BatchGetResponse>(
                service, METHODID_BATCH_GET)))
        .addMethod(
          getBatchSetMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.BatchSetRequest,
              dev.reprise.v1.BatchSetResponse>(
                service, METHODID_BATCH_SET)))
        .addMethod(
          getBatchDeleteMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.BatchDeleteRequest,
              dev.reprise.v1.BatchDeleteResponse>(
                service, METHODID_BATCH_DELETE)))
        .build();
  }

  private static abstract class CacheServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    CacheServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.reprise.v1.CacheServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("CacheService");
    }
  }

  private static final class CacheServiceFileDescriptorSupplier
      extends CacheServiceBaseDescriptorSupplier {
    CacheServiceFileDescriptorSupplier() {}
  }

  private static final class CacheServiceMethodDescriptorSupplier
      extends CacheServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    CacheServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (CacheServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new CacheServiceFileDescriptorSupplier())
              .addMethod(getGetMethod())
              .addMethod(getSetMethod())
              .addMethod(getDeleteMethod())
              .addMethod(getTouchMethod())
              .addMethod(getIncrementMethod())
              .addMethod(getExistsMethod())
              .addMethod(getReleaseLeaseMethod())
              .addMethod(getBatchGetMethod())
              .addMethod(getBatchSetMethod())
              .addMethod(getBatchDeleteMethod())
              .build();
        }
      }
    }
    return result;
  }
}
