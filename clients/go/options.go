package reprise

import (
	"context"
	"crypto/tls"
	"time"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
	"reprise.dev/go/internal/near"
)

const (
	defaultTimeout     = 2 * time.Second
	defaultMaxLag      = time.Second
	defaultBatchWindow = 500 * time.Microsecond
	messageBytesMax    = 16 << 20
)

// NearCacheOptions bound a near cache. Zero values mean the defaults.
type NearCacheOptions struct {
	// MaxLag is how long after it was proven fresh an entry may be served. Default 1 s.
	MaxLag time.Duration
	// MaxStaleness is how much longer entries are served after the stream broke. Default 0.
	MaxStaleness time.Duration
	// EntriesMax bounds the entries. Default 10 000.
	EntriesMax int
	// BytesMax bounds their bytes: encoded value, key, tags, and 128 for each. Default 64 MiB.
	BytesMax int64
	// Prefixes limits what is kept to keys that begin with one of these scope prefixes. Default: all keys.
	Prefixes []string
	// ShareDecoded keeps decoded values too, and hands the same one to every reader of a TypedCache: nobody may change
	// them.
	ShareDecoded bool
}

// NearCacheStats are the figures of a near cache since the client was connected.
type NearCacheStats struct {
	// Hits were served from memory, Misses were read through.
	Hits, Misses uint64
	// Entries are kept now.
	Entries int
	// Bytes are kept now.
	Bytes int64
	// Evictions left to make room.
	Evictions uint64
	// Drops left because they were, or might be, wrong or too old, by cause: key, wide, epoch, reset, own, expired.
	Drops map[string]uint64
	// Resets of the stream, and Proofs that it is up to date.
	Resets, Proofs uint64
	// RefusedInserts were read but not kept.
	RefusedInserts uint64
	// Serving is true if a fresh entry would be served now.
	Serving bool
}

// Option is an option of [Connect].
type Option func(*config)

type config struct {
	namespace         string
	timeout           time.Duration
	maxLag            time.Duration
	batchWindow       time.Duration
	passThrough       bool
	waitForServer     bool
	insecure          bool
	tls               *TLSOptions
	tlsConfig         *tls.Config
	credential        func(context.Context) (string, error)
	near              *near.Options
	codecs            []Codec
	meters            metric.MeterProvider
	tracers           trace.TracerProvider
	onBackgroundError func(error)
	dial              []grpc.DialOption

	// Shorter in tests.
	keepalive   keepalive.ClientParameters
	reopenDelay time.Duration // the bound of a stream's first delay
}

func defaults() config {
	return config{
		timeout: defaultTimeout, maxLag: defaultMaxLag, batchWindow: defaultBatchWindow, reopenDelay: reopenDelayFirst,
		keepalive: keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second},
	}
}

// WithNamespace names the namespace that all calls belong to. Default: default.
func WithNamespace(name string) Option { return func(c *config) { c.namespace = name } }

// WithTimeout bounds each call. Default 2 s.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithMaxLag tells the servers' --max-lag, where it is longer than 1 s: how long reads carry the tokens of this
// client's writes (twice as long), and how fresh a near cache must be.
func WithMaxLag(d time.Duration) Option { return func(c *config) { c.maxLag = d } }

// WithBatchWindow is how long a Get that comes while another one is on the way waits for others to share a call with. It
// goes out earlier when a call returns, or when 100 wait. Default 0.5 ms; 0 sends each by itself.
func WithBatchWindow(d time.Duration) Option { return func(c *config) { c.batchWindow = d } }

// WithPassThrough turns the cache off: reads miss, GetOrCompute always computes, changes do nothing and say so. No
// server is called.
func WithPassThrough() Option { return func(c *config) { c.passThrough = true } }

// WithWaitForServer lets Connect return only when a server answers, or with an error when its context ends.
func WithWaitForServer() Option { return func(c *config) { c.waitForServer = true } }

// WithInsecure speaks without TLS to other machines too. Whoever listens on the way reads and changes everything.
func WithInsecure() Option { return func(c *config) { c.insecure = true } }

// WithNearCache keeps entries in this process, and serves them only while they are proven to be fresh.
func WithNearCache(o NearCacheOptions) Option {
	return func(c *config) {
		c.near = &near.Options{
			MaxLag: o.MaxLag, MaxStaleness: o.MaxStaleness, EntriesMax: o.EntriesMax, BytesMax: o.BytesMax,
			Prefixes: o.Prefixes, ShareDecoded: o.ShareDecoded,
		}
	}
}

// WithCodecs lets typed caches read these content types too, beside JSON and raw bytes.
func WithCodecs(codecs ...Codec) Option {
	return func(c *config) { c.codecs = append(c.codecs, codecs...) }
}

// WithMeterProvider counts calls and the near cache with this OpenTelemetry API. Default: the global one, which does
// nothing unless the application has set it.
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) { c.meters = provider }
}

// WithTracerProvider makes spans of calls with this OpenTelemetry API. Default: the global one, which makes none unless
// the application has set it.
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) { c.tracers = provider }
}

// WithBackgroundError is told of computations that failed in the background, where no caller is there to tell. It must
// return soon.
func WithBackgroundError(tell func(error)) Option {
	return func(c *config) { c.onBackgroundError = tell }
}

// WithDialOptions passes options to gRPC, such as an interceptor.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(c *config) { c.dial = append(c.dial, options...) }
}

// WithBearer sends a credential with each call. Connect refuses it over a plain connection to another machine.
func WithBearer(credential string) Option {
	return WithBearerFunc(func(context.Context) (string, error) { return credential, nil })
}

// WithBearerFunc asks for the credential with each call.
func WithBearerFunc(credential func(context.Context) (string, error)) Option {
	return func(c *config) { c.credential = credential }
}
