package dev.reprise.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Administers the server.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AdminServiceGrpc {

  private AdminServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "reprise.v1.AdminService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.CreateNamespaceRequest,
      dev.reprise.v1.CreateNamespaceResponse> getCreateNamespaceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateNamespace",
      requestType = dev.reprise.v1.CreateNamespaceRequest.class,
      responseType = dev.reprise.v1.CreateNamespaceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.CreateNamespaceRequest,
      dev.reprise.v1.CreateNamespaceResponse> getCreateNamespaceMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.CreateNamespaceRequest, dev.reprise.v1.CreateNamespaceResponse> getCreateNamespaceMethod;
    if ((getCreateNamespaceMethod = AdminServiceGrpc.getCreateNamespaceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateNamespaceMethod = AdminServiceGrpc.getCreateNamespaceMethod) == null) {
          AdminServiceGrpc.getCreateNamespaceMethod = getCreateNamespaceMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.CreateNamespaceRequest, dev.reprise.v1.CreateNamespaceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateNamespace"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.CreateNamespaceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.CreateNamespaceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateNamespace"))
              .build();
        }
      }
    }
    return getCreateNamespaceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.GetNamespaceRequest,
      dev.reprise.v1.GetNamespaceResponse> getGetNamespaceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetNamespace",
      requestType = dev.reprise.v1.GetNamespaceRequest.class,
      responseType = dev.reprise.v1.GetNamespaceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.GetNamespaceRequest,
      dev.reprise.v1.GetNamespaceResponse> getGetNamespaceMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.GetNamespaceRequest, dev.reprise.v1.GetNamespaceResponse> getGetNamespaceMethod;
    if ((getGetNamespaceMethod = AdminServiceGrpc.getGetNamespaceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetNamespaceMethod = AdminServiceGrpc.getGetNamespaceMethod) == null) {
          AdminServiceGrpc.getGetNamespaceMethod = getGetNamespaceMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.GetNamespaceRequest, dev.reprise.v1.GetNamespaceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetNamespace"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetNamespaceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetNamespaceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetNamespace"))
              .build();
        }
      }
    }
    return getGetNamespaceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.ListNamespacesRequest,
      dev.reprise.v1.ListNamespacesResponse> getListNamespacesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListNamespaces",
      requestType = dev.reprise.v1.ListNamespacesRequest.class,
      responseType = dev.reprise.v1.ListNamespacesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.ListNamespacesRequest,
      dev.reprise.v1.ListNamespacesResponse> getListNamespacesMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.ListNamespacesRequest, dev.reprise.v1.ListNamespacesResponse> getListNamespacesMethod;
    if ((getListNamespacesMethod = AdminServiceGrpc.getListNamespacesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListNamespacesMethod = AdminServiceGrpc.getListNamespacesMethod) == null) {
          AdminServiceGrpc.getListNamespacesMethod = getListNamespacesMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.ListNamespacesRequest, dev.reprise.v1.ListNamespacesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListNamespaces"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ListNamespacesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.ListNamespacesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListNamespaces"))
              .build();
        }
      }
    }
    return getListNamespacesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.UpdateNamespaceRequest,
      dev.reprise.v1.UpdateNamespaceResponse> getUpdateNamespaceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateNamespace",
      requestType = dev.reprise.v1.UpdateNamespaceRequest.class,
      responseType = dev.reprise.v1.UpdateNamespaceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.UpdateNamespaceRequest,
      dev.reprise.v1.UpdateNamespaceResponse> getUpdateNamespaceMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.UpdateNamespaceRequest, dev.reprise.v1.UpdateNamespaceResponse> getUpdateNamespaceMethod;
    if ((getUpdateNamespaceMethod = AdminServiceGrpc.getUpdateNamespaceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateNamespaceMethod = AdminServiceGrpc.getUpdateNamespaceMethod) == null) {
          AdminServiceGrpc.getUpdateNamespaceMethod = getUpdateNamespaceMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.UpdateNamespaceRequest, dev.reprise.v1.UpdateNamespaceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateNamespace"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.UpdateNamespaceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.UpdateNamespaceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateNamespace"))
              .build();
        }
      }
    }
    return getUpdateNamespaceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.DeleteNamespaceRequest,
      dev.reprise.v1.DeleteNamespaceResponse> getDeleteNamespaceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteNamespace",
      requestType = dev.reprise.v1.DeleteNamespaceRequest.class,
      responseType = dev.reprise.v1.DeleteNamespaceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.DeleteNamespaceRequest,
      dev.reprise.v1.DeleteNamespaceResponse> getDeleteNamespaceMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.DeleteNamespaceRequest, dev.reprise.v1.DeleteNamespaceResponse> getDeleteNamespaceMethod;
    if ((getDeleteNamespaceMethod = AdminServiceGrpc.getDeleteNamespaceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDeleteNamespaceMethod = AdminServiceGrpc.getDeleteNamespaceMethod) == null) {
          AdminServiceGrpc.getDeleteNamespaceMethod = getDeleteNamespaceMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.DeleteNamespaceRequest, dev.reprise.v1.DeleteNamespaceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteNamespace"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DeleteNamespaceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DeleteNamespaceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("DeleteNamespace"))
              .build();
        }
      }
    }
    return getDeleteNamespaceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.GetStatsRequest,
      dev.reprise.v1.GetStatsResponse> getGetStatsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStats",
      requestType = dev.reprise.v1.GetStatsRequest.class,
      responseType = dev.reprise.v1.GetStatsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.GetStatsRequest,
      dev.reprise.v1.GetStatsResponse> getGetStatsMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.GetStatsRequest, dev.reprise.v1.GetStatsResponse> getGetStatsMethod;
    if ((getGetStatsMethod = AdminServiceGrpc.getGetStatsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetStatsMethod = AdminServiceGrpc.getGetStatsMethod) == null) {
          AdminServiceGrpc.getGetStatsMethod = getGetStatsMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.GetStatsRequest, dev.reprise.v1.GetStatsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStats"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetStatsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.GetStatsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetStats"))
              .build();
        }
      }
    }
    return getGetStatsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.reprise.v1.DoctorRequest,
      dev.reprise.v1.DoctorResponse> getDoctorMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Doctor",
      requestType = dev.reprise.v1.DoctorRequest.class,
      responseType = dev.reprise.v1.DoctorResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.reprise.v1.DoctorRequest,
      dev.reprise.v1.DoctorResponse> getDoctorMethod() {
    io.grpc.MethodDescriptor<dev.reprise.v1.DoctorRequest, dev.reprise.v1.DoctorResponse> getDoctorMethod;
    if ((getDoctorMethod = AdminServiceGrpc.getDoctorMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDoctorMethod = AdminServiceGrpc.getDoctorMethod) == null) {
          AdminServiceGrpc.getDoctorMethod = getDoctorMethod =
              io.grpc.MethodDescriptor.<dev.reprise.v1.DoctorRequest, dev.reprise.v1.DoctorResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Doctor"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DoctorRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.reprise.v1.DoctorResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("Doctor"))
              .build();
        }
      }
    }
    return getDoctorMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AdminServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub>() {
        @java.lang.Override
        public AdminServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceStub(channel, callOptions);
        }
      };
    return AdminServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AdminServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub>() {
        @java.lang.Override
        public AdminServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AdminServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AdminServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub>() {
        @java.lang.Override
        public AdminServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingStub(channel, callOptions);
        }
      };
    return AdminServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AdminServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub>() {
        @java.lang.Override
        public AdminServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceFutureStub(channel, callOptions);
        }
      };
    return AdminServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Administers the server.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Creates a namespace. Fails with NAMESPACE_EXISTS, or QUOTA_EXCEEDED if the server's capacity is given away.
     * </pre>
     */
    default void createNamespace(dev.reprise.v1.CreateNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.CreateNamespaceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateNamespaceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one namespace.
     * </pre>
     */
    default void getNamespace(dev.reprise.v1.GetNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetNamespaceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetNamespaceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns all namespaces by name, in pages.
     * </pre>
     */
    default void listNamespaces(dev.reprise.v1.ListNamespacesRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ListNamespacesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListNamespacesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the settings that are given. Entries keep the lifetimes they were set with.
     * </pre>
     */
    default void updateNamespace(dev.reprise.v1.UpdateNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.UpdateNamespaceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateNamespaceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a namespace and all its entries at once, however many they are.
     * </pre>
     */
    default void deleteNamespace(dev.reprise.v1.DeleteNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteNamespaceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteNamespaceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns what one namespace holds, and what happened in it since the server started.
     * </pre>
     */
    default void getStats(dev.reprise.v1.GetStatsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetStatsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStatsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Looks at this server and the store behind it, and returns what needs somebody's attention, the gravest first.
     * </pre>
     */
    default void doctor(dev.reprise.v1.DoctorRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DoctorResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDoctorMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AdminService.
   * <pre>
   * Administers the server.
   * </pre>
   */
  public static abstract class AdminServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AdminServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AdminService.
   * <pre>
   * Administers the server.
   * </pre>
   */
  public static final class AdminServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AdminServiceStub> {
    private AdminServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a namespace. Fails with NAMESPACE_EXISTS, or QUOTA_EXCEEDED if the server's capacity is given away.
     * </pre>
     */
    public void createNamespace(dev.reprise.v1.CreateNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.CreateNamespaceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateNamespaceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one namespace.
     * </pre>
     */
    public void getNamespace(dev.reprise.v1.GetNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetNamespaceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetNamespaceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns all namespaces by name, in pages.
     * </pre>
     */
    public void listNamespaces(dev.reprise.v1.ListNamespacesRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.ListNamespacesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListNamespacesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the settings that are given. Entries keep the lifetimes they were set with.
     * </pre>
     */
    public void updateNamespace(dev.reprise.v1.UpdateNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.UpdateNamespaceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateNamespaceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a namespace and all its entries at once, however many they are.
     * </pre>
     */
    public void deleteNamespace(dev.reprise.v1.DeleteNamespaceRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteNamespaceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteNamespaceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns what one namespace holds, and what happened in it since the server started.
     * </pre>
     */
    public void getStats(dev.reprise.v1.GetStatsRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.GetStatsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStatsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Looks at this server and the store behind it, and returns what needs somebody's attention, the gravest first.
     * </pre>
     */
    public void doctor(dev.reprise.v1.DoctorRequest request,
        io.grpc.stub.StreamObserver<dev.reprise.v1.DoctorResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDoctorMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AdminService.
   * <pre>
   * Administers the server.
   * </pre>
   */
  public static final class AdminServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingV2Stub> {
    private AdminServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a namespace. Fails with NAMESPACE_EXISTS, or QUOTA_EXCEEDED if the server's capacity is given away.
     * </pre>
     */
    public dev.reprise.v1.CreateNamespaceResponse createNamespace(dev.reprise.v1.CreateNamespaceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one namespace.
     * </pre>
     */
    public dev.reprise.v1.GetNamespaceResponse getNamespace(dev.reprise.v1.GetNamespaceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns all namespaces by name, in pages.
     * </pre>
     */
    public dev.reprise.v1.ListNamespacesResponse listNamespaces(dev.reprise.v1.ListNamespacesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListNamespacesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the settings that are given. Entries keep the lifetimes they were set with.
     * </pre>
     */
    public dev.reprise.v1.UpdateNamespaceResponse updateNamespace(dev.reprise.v1.UpdateNamespaceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a namespace and all its entries at once, however many they are.
     * </pre>
     */
    public dev.reprise.v1.DeleteNamespaceResponse deleteNamespace(dev.reprise.v1.DeleteNamespaceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns what one namespace holds, and what happened in it since the server started.
     * </pre>
     */
    public dev.reprise.v1.GetStatsResponse getStats(dev.reprise.v1.GetStatsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStatsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Looks at this server and the store behind it, and returns what needs somebody's attention, the gravest first.
     * </pre>
     */
    public dev.reprise.v1.DoctorResponse doctor(dev.reprise.v1.DoctorRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDoctorMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AdminService.
   * <pre>
   * Administers the server.
   * </pre>
   */
  public static final class AdminServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingStub> {
    private AdminServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a namespace. Fails with NAMESPACE_EXISTS, or QUOTA_EXCEEDED if the server's capacity is given away.
     * </pre>
     */
    public dev.reprise.v1.CreateNamespaceResponse createNamespace(dev.reprise.v1.CreateNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one namespace.
     * </pre>
     */
    public dev.reprise.v1.GetNamespaceResponse getNamespace(dev.reprise.v1.GetNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns all namespaces by name, in pages.
     * </pre>
     */
    public dev.reprise.v1.ListNamespacesResponse listNamespaces(dev.reprise.v1.ListNamespacesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListNamespacesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the settings that are given. Entries keep the lifetimes they were set with.
     * </pre>
     */
    public dev.reprise.v1.UpdateNamespaceResponse updateNamespace(dev.reprise.v1.UpdateNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a namespace and all its entries at once, however many they are.
     * </pre>
     */
    public dev.reprise.v1.DeleteNamespaceResponse deleteNamespace(dev.reprise.v1.DeleteNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns what one namespace holds, and what happened in it since the server started.
     * </pre>
     */
    public dev.reprise.v1.GetStatsResponse getStats(dev.reprise.v1.GetStatsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStatsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Looks at this server and the store behind it, and returns what needs somebody's attention, the gravest first.
     * </pre>
     */
    public dev.reprise.v1.DoctorResponse doctor(dev.reprise.v1.DoctorRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDoctorMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AdminService.
   * <pre>
   * Administers the server.
   * </pre>
   */
  public static final class AdminServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AdminServiceFutureStub> {
    private AdminServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a namespace. Fails with NAMESPACE_EXISTS, or QUOTA_EXCEEDED if the server's capacity is given away.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.CreateNamespaceResponse> createNamespace(
        dev.reprise.v1.CreateNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateNamespaceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one namespace.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.GetNamespaceResponse> getNamespace(
        dev.reprise.v1.GetNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetNamespaceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns all namespaces by name, in pages.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.ListNamespacesResponse> listNamespaces(
        dev.reprise.v1.ListNamespacesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListNamespacesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the settings that are given. Entries keep the lifetimes they were set with.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.UpdateNamespaceResponse> updateNamespace(
        dev.reprise.v1.UpdateNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateNamespaceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a namespace and all its entries at once, however many they are.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.DeleteNamespaceResponse> deleteNamespace(
        dev.reprise.v1.DeleteNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteNamespaceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns what one namespace holds, and what happened in it since the server started.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.GetStatsResponse> getStats(
        dev.reprise.v1.GetStatsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStatsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Looks at this server and the store behind it, and returns what needs somebody's attention, the gravest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.reprise.v1.DoctorResponse> doctor(
        dev.reprise.v1.DoctorRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDoctorMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_NAMESPACE = 0;
  private static final int METHODID_GET_NAMESPACE = 1;
  private static final int METHODID_LIST_NAMESPACES = 2;
  private static final int METHODID_UPDATE_NAMESPACE = 3;
  private static final int METHODID_DELETE_NAMESPACE = 4;
  private static final int METHODID_GET_STATS = 5;
  private static final int METHODID_DOCTOR = 6;

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
        case METHODID_CREATE_NAMESPACE:
          serviceImpl.createNamespace((dev.reprise.v1.CreateNamespaceRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.CreateNamespaceResponse>) responseObserver);
          break;
        case METHODID_GET_NAMESPACE:
          serviceImpl.getNamespace((dev.reprise.v1.GetNamespaceRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.GetNamespaceResponse>) responseObserver);
          break;
        case METHODID_LIST_NAMESPACES:
          serviceImpl.listNamespaces((dev.reprise.v1.ListNamespacesRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.ListNamespacesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_NAMESPACE:
          serviceImpl.updateNamespace((dev.reprise.v1.UpdateNamespaceRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.UpdateNamespaceResponse>) responseObserver);
          break;
        case METHODID_DELETE_NAMESPACE:
          serviceImpl.deleteNamespace((dev.reprise.v1.DeleteNamespaceRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.DeleteNamespaceResponse>) responseObserver);
          break;
        case METHODID_GET_STATS:
          serviceImpl.getStats((dev.reprise.v1.GetStatsRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.GetStatsResponse>) responseObserver);
          break;
        case METHODID_DOCTOR:
          serviceImpl.doctor((dev.reprise.v1.DoctorRequest) request,
              (io.grpc.stub.StreamObserver<dev.reprise.v1.DoctorResponse>) responseObserver);
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
          getCreateNamespaceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.CreateNamespaceRequest,
              dev.reprise.v1.CreateNamespaceResponse>(
                service, METHODID_CREATE_NAMESPACE)))
        .addMethod(
          getGetNamespaceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.GetNamespaceRequest,
              dev.reprise.v1.GetNamespaceResponse>(
                service, METHODID_GET_NAMESPACE)))
        .addMethod(
          getListNamespacesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.ListNamespacesRequest,
              dev.reprise.v1.ListNamespacesResponse>(
                service, METHODID_LIST_NAMESPACES)))
        .addMethod(
          getUpdateNamespaceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.UpdateNamespaceRequest,
              dev.reprise.v1.UpdateNamespaceResponse>(
                service, METHODID_UPDATE_NAMESPACE)))
        .addMethod(
          getDeleteNamespaceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.DeleteNamespaceRequest,
              dev.reprise.v1.DeleteNamespaceResponse>(
                service, METHODID_DELETE_NAMESPACE)))
        .addMethod(
          getGetStatsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.GetStatsRequest,
              dev.reprise.v1.GetStatsResponse>(
                service, METHODID_GET_STATS)))
        .addMethod(
          getDoctorMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.reprise.v1.DoctorRequest,
              dev.reprise.v1.DoctorResponse>(
                service, METHODID_DOCTOR)))
        .build();
  }

  private static abstract class AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AdminServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.reprise.v1.AdminServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AdminService");
    }
  }

  private static final class AdminServiceFileDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier {
    AdminServiceFileDescriptorSupplier() {}
  }

  private static final class AdminServiceMethodDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AdminServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AdminServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AdminServiceFileDescriptorSupplier())
              .addMethod(getCreateNamespaceMethod())
              .addMethod(getGetNamespaceMethod())
              .addMethod(getListNamespacesMethod())
              .addMethod(getUpdateNamespaceMethod())
              .addMethod(getDeleteNamespaceMethod())
              .addMethod(getGetStatsMethod())
              .addMethod(getDoctorMethod())
              .build();
        }
      }
    }
    return result;
  }
}
