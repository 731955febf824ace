package reprise_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	"reprise.dev/go/internal/testserver"
)

// nearClient connects with a near cache, and waits until it serves. Its lag is long, so that a busy machine does not
// end the serving.
func (s *space) nearClient(o reprise.NearCacheOptions, options ...reprise.Option) *reprise.Client {
	s.t.Helper()
	o.MaxLag = 4 * time.Second
	client := s.client(append(options, reprise.WithNearCache(o))...)
	testserver.Await(s.t, "the near cache serves", func() bool { return client.NearCacheStats().Serving })
	return client
}

// nearHit tells whether a read was served from memory, and what it found.
func nearHit(t *testing.T, client *reprise.Client, key string) (bool, reprise.Lookup[[]byte]) {
	t.Helper()
	before := client.NearCacheStats().Hits
	found := must[reprise.Lookup[[]byte]](t)(client.Get(testserver.Context(t), key))
	return client.NearCacheStats().Hits > before, found
}

func awaitNearHit(t *testing.T, client *reprise.Client, key, want string) {
	t.Helper()
	testserver.Await(t, "a hit of the near cache", func() bool {
		near, found := nearHit(t, client, key)
		return near && string(found.Value) == want
	})
}

// Goal: reads are served from memory, and every kind of change by somebody else ends that. Method: fill, change, read.
func TestNearCacheFollowsChanges(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client, other := s.nearClient(reprise.NearCacheOptions{}), s.client()
	for name, change := range map[string]func() error{
		"set":    func() error { _, err := other.Set(ctx, "p:k", []byte("x")); return err },
		"delete": func() error { _, err := other.Delete(ctx, "p:k"); return err },
		"key":    func() error { _, err := other.InvalidateKeys(ctx, []string{"p:k"}); return err },
		"tag":    func() error { _, err := other.InvalidateTags(ctx, []string{"t"}); return err },
		"prefix": func() error { _, err := other.InvalidatePrefix(ctx, "p:"); return err },
		"all":    func() error { _, err := other.InvalidateAll(ctx); return err },
		"stale":  func() error { _, err := other.InvalidateKeys(ctx, []string{"p:k"}, reprise.MarkStale()); return err },
	} {
		must[reprise.SetResult](t)(other.Set(ctx, "p:k", []byte(name), reprise.Tags("t")))
		awaitNearHit(t, client, "p:k", name)
		if err := change(); err != nil {
			t.Fatal(err)
		}
		testserver.Await(t, name+" arrives", func() bool {
			_, found := nearHit(t, client, "p:k")
			return string(found.Value) != name
		})
	}
}

// Goal: a client's own writes are never hidden by its near cache. Method: write and read, again and again. Each round has
// a patience of its own: all of them together take as long as the machine needs.
func TestNearCacheOwnWrites(t *testing.T) {
	client := newSpace(t).nearClient(reprise.NearCacheOptions{})
	for i := range 60 {
		ctx, want := testserver.Context(t), fmt.Sprint(i)
		if i%3 == 2 {
			must[reprise.InvalidateResult](t)(client.InvalidateTags(ctx, []string{"t"}))
			equal(t, "read", must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k")).Kind, reprise.KindMiss)
			continue
		}
		must[reprise.SetResult](t)(client.Set(ctx, "k", []byte(want), reprise.Tags("t")))
		for range 3 {
			equal(t, "read", string(must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k")).Value), want)
		}
	}
	if client.NearCacheStats().Hits == 0 {
		t.Error("the near cache served nothing, so this test says nothing")
	}
}

// Goal: a broken stream ends the serving, and the near cache comes back by itself. Method: break the stream, refuse new
// ones, then let them in.
func TestNearCacheBrokenStream(t *testing.T) {
	s := newSpace(t)
	client := s.nearClient(reprise.NearCacheOptions{})
	must[reprise.SetResult](t)(s.client().Set(testserver.Context(t), "k", []byte("v")))
	awaitNearHit(t, client, "k", "v")
	s.inject(&testingv1.Fault{Method: "reprise.v1.InvalidationService/Subscribe", Effect: failure(int32(codes.Unavailable), "")})
	s.breakStreams(&testingv1.BreakStreamsRequest{How: &testingv1.BreakStreamsRequest_Failure{Failure: &testingv1.Failure{}}})
	testserver.Await(t, "it serves no more", func() bool { return !client.NearCacheStats().Serving })
	near, found := nearHit(t, client, "k")
	equal(t, "read through", !near && string(found.Value) == "v", true)
	s.clearFaults()
	awaitNearHit(t, client, "k", "v")
}

// Goal: without proofs nothing is served, however lively the stream. Method: GetHead fails.
func TestNearCacheWithoutProof(t *testing.T) {
	s := newSpace(t)
	client := s.nearClient(reprise.NearCacheOptions{})
	s.inject(&testingv1.Fault{Method: "reprise.v1.InvalidationService/GetHead", Effect: failure(int32(codes.Unavailable), "STORE_UNAVAILABLE")})
	testserver.Await(t, "the proof is too old", func() bool { return !client.NearCacheStats().Serving })
	s.clearFaults()
	testserver.Await(t, "it is proven again", func() bool { return client.NearCacheStats().Serving })
}

// Goal: what the near cache holds is the caller's to change, unless it asked to share. Method: change what was read.
func TestNearCacheSharing(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	must[reprise.SetResult](t)(s.client().Set(ctx, "k", []byte(`"v"`), reprise.ContentType("application/json")))
	client := s.nearClient(reprise.NearCacheOptions{})
	awaitNearHit(t, client, "k", `"v"`)
	_, found := nearHit(t, client, "k")
	found.Value[0] = 'X'
	awaitNearHit(t, client, "k", `"v"`)
	many := must[[]reprise.GetItem[[]byte]](t)(client.GetMany(ctx, []string{"k"}))
	many[0].Value[0] = 'X'
	awaitNearHit(t, client, "k", `"v"`)

	must[reprise.SetResult](t)(s.client().Set(ctx, "list", []byte(`[1]`), reprise.ContentType("application/json")))
	for _, share := range []bool{false, true} {
		client := s.nearClient(reprise.NearCacheOptions{ShareDecoded: share})
		view := reprise.Typed[[]int](client)
		awaitNearHit(t, client, "list", `[1]`)
		first := must[reprise.Lookup[[]int]](t)(view.Get(ctx, "list"))
		testserver.Await(t, "the same or another slice", func() bool {
			again := must[reprise.Lookup[[]int]](t)(view.Get(ctx, "list"))
			return (&first.Value[0] == &again.Value[0]) == share
		})
	}
}

// Goal: only the wanted prefixes are kept; negatives are. Method: one key of each.
func TestNearCachePrefixes(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	other := s.client()
	must[reprise.SetResult](t)(other.Set(ctx, "b:k", []byte("v")))
	must[reprise.SetResult](t)(other.SetNegative(ctx, "a:k"))
	client := s.nearClient(reprise.NearCacheOptions{Prefixes: []string{"a:"}})
	testserver.Await(t, "the negative", func() bool {
		near, found := nearHit(t, client, "a:k")
		return near && found.Kind == reprise.KindNegative
	})
	for range 3 {
		near, _ := nearHit(t, client, "b:k")
		equal(t, "another prefix", near, false)
	}
}

// Goal: GetOrCompute is served from memory too. Method: count the computations and the calls.
func TestNearCacheCompute(t *testing.T) {
	s := newSpace(t)
	client := s.nearClient(reprise.NearCacheOptions{})
	view := reprise.Typed[string](client)
	ctx := testserver.Context(t)
	from := &source{value: "v"}
	before := client.NearCacheStats().Hits
	testserver.Await(t, "a hit of the near cache", func() bool {
		must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", from.compute, reprise.TTL(time.Hour)))
		return client.NearCacheStats().Hits > before
	})
	equal(t, "computations", from.begun.Load(), 1)
}

// Goal: an application with an SDK sees calls and the near cache. Method: collect once.
func TestMetrics(t *testing.T) {
	s := newSpace(t)
	reader := metric.NewManualReader()
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	client := s.nearClient(reprise.NearCacheOptions{}, reprise.WithMeterProvider(provider))
	ctx := testserver.Context(t)
	must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v")))
	awaitNearHit(t, client, "k", "v")
	var collected metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &collected); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range collected.ScopeMetrics[0].Metrics {
		seen[m.Name] = true
		if sum, ok := m.Data.(metricdata.Sum[int64]); ok && m.Name == "reprise.client.near_cache.hits" {
			equal(t, "hits", sum.DataPoints[0].Value > 0, true)
		}
	}
	for _, name := range []string{"reprise.client.calls", "reprise.client.call.duration", "reprise.client.near_cache.hits", "reprise.client.near_cache.entries", "reprise.client.near_cache.proofs"} {
		equal(t, name, seen[name], true)
	}
}

func (s *space) breakStreams(request *testingv1.BreakStreamsRequest) {
	s.t.Helper()
	request.Namespace = s.name
	if _, err := server.Testing().BreakStreams(testserver.Context(s.t), request); err != nil {
		s.t.Fatal(err)
	}
}

func silence() *testingv1.BreakStreamsRequest {
	return &testingv1.BreakStreamsRequest{How: &testingv1.BreakStreamsRequest_Silence{Silence: &emptypb.Empty{}}}
}

// BenchmarkNearHit is a hit through the whole client, with a copy of 100 bytes.
func BenchmarkNearHit(b *testing.B) {
	s := newSpace(b)
	client := s.nearClient(reprise.NearCacheOptions{ShareDecoded: true})
	ctx := context.Background()
	must[reprise.SetResult](b)(s.client().Set(ctx, "k", make([]byte, 100)))
	read := func(b *testing.B) {
		if found, err := client.Get(ctx, "k"); err != nil || !found.Hit() {
			b.Fatal(err)
		}
	}
	hits := func() uint64 { return client.NearCacheStats().Hits }
	for before := hits(); hits() == before; {
		read(b)
	}
	b.Run("bytes", func(b *testing.B) {
		for b.Loop() {
			read(b)
		}
	})
	view := reprise.Typed[[]byte](client, reprise.WithCodec(reprise.Raw))
	b.Run("shared", func(b *testing.B) {
		for b.Loop() {
			if found, err := view.Get(ctx, "k"); err != nil || !found.Hit() {
				b.Fatal(err)
			}
		}
	})
}
