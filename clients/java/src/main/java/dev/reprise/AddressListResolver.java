package dev.reprise;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Resolves a list of {@code HOST:PORT} in its order. Names are looked up again whenever a
 * connection broke.
 */
final class AddressListResolver extends NameResolver {
  private static final String SCHEME = "reprise";

  static {
    NameResolverRegistry.getDefaultRegistry().register(new Provider());
  }

  private final List<Target> targets;
  private final Executor lookups;
  private Listener2 listener;

  private AddressListResolver(List<Target> targets, Executor lookups) {
    this.targets = targets;
    this.lookups = lookups;
  }

  /** Returns the list as one name for a channel. */
  static String name(List<Target> targets) {
    List<String> encoded =
        targets.stream()
            .map(target -> URLEncoder.encode(target.toString(), StandardCharsets.UTF_8))
            .toList();
    return SCHEME + ":///" + String.join(",", encoded);
  }

  @Override
  public String getServiceAuthority() {
    return targets.get(0).toString();
  }

  @Override
  public void start(Listener2 wanted) {
    listener = wanted;
    refresh();
  }

  @Override
  public void refresh() {
    lookups.execute(() -> listener.onResult(result(lookUp())));
  }

  @Override
  public void shutdown() {}

  private List<EquivalentAddressGroup> lookUp() {
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    for (Target target : targets) {
      try {
        List<SocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(target.host())) {
          addresses.add(new InetSocketAddress(address, target.port()));
        }
        groups.add(new EquivalentAddressGroup(addresses, authority(target)));
      } catch (UnknownHostException unknown) {
        // The others may be there; with none of them the result is an error.
      }
    }
    return groups;
  }

  /** Each server's certificate must have that server's name, not the first one's. */
  private static io.grpc.Attributes authority(Target target) {
    return io.grpc.Attributes.newBuilder()
        .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, target.toString())
        .build();
  }

  private static ResolutionResult result(List<EquivalentAddressGroup> groups) {
    Status nobody = Status.UNAVAILABLE.withDescription("No target's name is known");
    return ResolutionResult.newBuilder()
        .setAddressesOrError(
            groups.isEmpty() ? StatusOr.fromStatus(nobody) : StatusOr.fromValue(groups))
        .build();
  }

  private static final class Provider extends NameResolverProvider {
    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public NameResolver newNameResolver(URI uri, Args args) {
      if (!SCHEME.equals(uri.getScheme())) return null;
      List<Target> targets = new ArrayList<>();
      for (String encoded : uri.getRawPath().substring(1).split(",")) {
        targets.add(Target.parse(URLDecoder.decode(encoded, StandardCharsets.UTF_8)));
      }
      return new AddressListResolver(targets, args.getOffloadExecutor());
    }
  }
}
