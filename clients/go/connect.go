package reprise

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/retry"
	"reprise.dev/go/internal/session"
)

// Client is a connection to a cache. It is safe for concurrent use; Close ends it.
type Client struct {
	config  config
	origin  string
	conn    *grpc.ClientConn // nil if the client passes through
	cache   reprisev1.CacheServiceClient
	changes reprisev1.InvalidationServiceClient

	budget  *retry.Budget
	tokens  *session.Tokens
	near    *nearCache // nil without a near cache
	batches *batcher
	flights *flights
	codecs  codecSet
	metrics *metrics
	tracer  *tracer

	began      time.Time
	random     func() float64
	computing  atomic.Int64 // how long the newest computations took, in ns, smoothed
	life       context.Context
	end        context.CancelFunc
	closing    sync.Mutex // between what begins and the end
	background sync.WaitGroup
}

// Connect opens a client of a server, HOST:PORT, or of several with commas between them: they are tried in random
// order, and the client goes to another when one breaks. It does not wait for a server to answer, unless
// [WithWaitForServer] is given; then ctx bounds that.
//
// Plain connections go to loopback addresses only, unless [WithInsecure] is given; see [WithTLS].
func Connect(ctx context.Context, target string, options ...Option) (*Client, error) {
	settings := defaults()
	for _, o := range options {
		o(&settings)
	}
	c := newClient(settings)
	if settings.passThrough {
		return c, nil
	}
	if err := c.dial(strings.Split(target, ",")); err != nil {
		c.end()
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func newClient(settings config) *Client {
	c := &Client{
		config: settings, origin: randomHex(8), budget: retry.NewBudget(), flights: newFlights(), began: time.Now(),
		random: mathrand.Float64, codecs: newCodecSet(settings.codecs),
	}
	c.tokens = session.New(2*settings.maxLag, c.now)
	c.batches = newBatcher(c)
	c.life, c.end = context.WithCancel(context.Background())
	return c
}

func (c *Client) dial(targets []string) error {
	transport, err := c.transport(targets)
	if err != nil {
		return err
	}
	servers := manual.NewBuilderWithScheme("reprise")
	servers.InitialState(resolver.State{Addresses: addresses(targets, c.config.serverName())})
	c.conn, err = grpc.NewClient("reprise:///servers", append([]grpc.DialOption{
		grpc.WithResolvers(servers),
		grpc.WithTransportCredentials(transport),
		grpc.WithDisableRetry(),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"pick_first":{}}]}`),
		grpc.WithKeepaliveParams(c.config.keepalive),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.5, MaxDelay: 2 * time.Second},
			MinConnectTimeout: 5 * time.Second,
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(messageBytesMax), grpc.MaxCallSendMsgSize(messageBytesMax)),
	}, c.config.dial...)...)
	if err != nil {
		return fmt.Errorf("reprise: connect: %w", err)
	}
	c.cache = reprisev1.NewCacheServiceClient(c.conn)
	c.changes = reprisev1.NewInvalidationServiceClient(c.conn)
	return nil
}

// addresses shuffles the targets. Each is verified by its own host, or all by the name that the caller gave: what stands
// here wins over the TLS configuration.
func addresses(targets []string, serverName string) []resolver.Address {
	found := make([]resolver.Address, 0, len(targets))
	for _, target := range targets {
		name := serverName
		if name == "" {
			name, _, _ = net.SplitHostPort(target)
		}
		found = append(found, resolver.Address{Addr: target, ServerName: name})
	}
	mathrand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	return found
}

func (c *Client) start(ctx context.Context) (err error) {
	if c.config.waitForServer {
		if err := c.awaitServer(ctx); err != nil {
			return err
		}
	}
	c.tracer = newTracer(c.config.tracers)
	if c.config.near != nil {
		c.near = newNearCache(c, *c.config.near)
	}
	if c.metrics, err = newMetrics(c.config.meters, c); err == nil && c.near != nil {
		c.near.start()
	}
	return err
}

func (c *Client) awaitServer(ctx context.Context) error {
	for {
		state := c.conn.GetState()
		if state == connectivity.Ready {
			return nil
		}
		c.conn.Connect()
		if !c.conn.WaitForStateChange(ctx, state) {
			return contextError("Connect", ctx)
		}
	}
}

// transport decides how to speak to the targets, and refuses what would tell secrets to the network.
func (c *Client) transport(targets []string) (credentials.TransportCredentials, error) {
	local := true
	for _, target := range targets {
		host, port, err := net.SplitHostPort(target)
		if err != nil || port == "" {
			return nil, invalid("Connect", "", "a target is not HOST:PORT")
		}
		local = local && isLoopback(host)
	}
	secure, err := c.config.secure()
	switch {
	case err != nil:
		return nil, err
	case secure != nil:
		return credentials.NewTLS(secure), nil
	case !local && c.config.credential != nil:
		return nil, invalid("Connect", "", "a credential is sent over plain connections to this machine only: use TLS")
	case !local && !c.config.insecure:
		return nil, invalid("Connect", "", "plain connections go to this machine only: use TLS, or WithInsecure")
	}
	return insecure.NewCredentials(), nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Origin returns the random name that servers know this client by: subscriptions leave its own changes out.
func (c *Client) Origin() string { return c.origin }

// Close ends all calls, subscriptions and computations in the background, and waits for what the client itself runs.
func (c *Client) Close() error {
	c.closing.Lock()
	c.end()
	c.closing.Unlock()
	c.metrics.close()
	var err error
	if c.conn != nil {
		err = c.conn.Close()
	}
	c.background.Wait()
	if err != nil {
		return ErrClosed
	}
	return nil
}

// NearCacheStats returns the figures of the near cache; all zero without one.
func (c *Client) NearCacheStats() NearCacheStats {
	if c.near == nil {
		return NearCacheStats{}
	}
	return c.near.stats()
}

// now is a monotonic clock.
func (c *Client) now() time.Duration { return time.Since(c.began) }

// goBackground runs something that ends soon after the client is closed. It returns false if that has happened.
func (c *Client) goBackground(work func()) bool {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.life.Err() != nil {
		return false
	}
	c.background.Go(work)
	return true
}

func randomHex(size int) string {
	bytes := make([]byte, size)
	rand.Read(bytes) // never fails
	return hex.EncodeToString(bytes)
}
