package reprise_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/testserver"
)

// source counts how often it was asked, and may be held up.
type source struct {
	begun atomic.Int32
	gate  chan struct{}
	value string
	err   error
}

func (s *source) compute(ctx context.Context) (string, error) {
	s.begun.Add(1)
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return s.value, s.err
}

// Goal: one computation serves all callers of several processes. Method: 20 callers of two clients, and one later.
func TestComputeOnce(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	from := &source{gate: make(chan struct{}), value: "v"}
	views := []*reprise.TypedCache[string]{reprise.Typed[string](s.client()), reprise.Typed[string](s.client())}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			got, err := views[i%2].GetOrCompute(ctx, "k", from.compute, reprise.TTL(time.Minute))
			if err != nil || got.Value != "v" {
				t.Errorf("caller %d: %+v, %v", i, got, err)
			}
		})
	}
	testserver.Await(t, "the computation has begun", func() bool { return from.begun.Load() > 0 })
	close(from.gate)
	all.Wait()
	later := must[reprise.Lookup[string]](t)(views[0].GetOrCompute(ctx, "k", from.compute, reprise.TTL(time.Minute)))
	equal(t, "computed later", later.Computed, false)
	equal(t, "computations", from.begun.Load(), 1)
}

// Goal: an error comes out as it is, nothing is kept, and the next caller is asked at once. Method: fail, then succeed,
// within a lease of ten minutes.
func TestComputeFails(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	view := reprise.Typed[string](s.client())
	broken := errors.New("no luck")
	_, err := view.GetOrCompute(ctx, "k", (&source{err: broken}).compute, reprise.Hold(10*time.Minute))
	equal(t, "the error as it is", err, broken)
	equal(t, "released", len(s.calls(releaseMethod)), 1)
	got := must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "v"}).compute))
	equal(t, "next", got.Value, "v")
	equal(t, "kept", must[reprise.Lookup[string]](t)(view.Get(ctx, "k")).Value, "v")
}

// Goal: "nothing" is kept only for a time that was given. Method: without and with it.
func TestComputeNothing(t *testing.T) {
	view := reprise.Typed[string](newSpace(t).client())
	ctx := testserver.Context(t)
	nothing := &source{err: reprise.ErrNothing}
	for range 2 {
		equal(t, "not kept", must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", nothing.compute)).Kind, reprise.KindNegative)
	}
	equal(t, "computed each time", nothing.begun.Load(), 2)
	for range 2 {
		equal(t, "kept", must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", nothing.compute, reprise.NegativeTTL(10*time.Second))).Kind, reprise.KindNegative)
	}
	equal(t, "computed once more", nothing.begun.Load(), 3)
}

// Goal: a value that became old while it was computed is returned and not kept. Method: invalidate during the
// computation.
func TestComputeOvertaken(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	view, other := reprise.Typed[string](s.client()), s.client()
	got := must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", func(context.Context) (string, error) {
		_, err := other.InvalidateKeys(ctx, []string{"k"})
		return "old", err
	}))
	equal(t, "returned", got.Value, "old")
	equal(t, "not kept", must[reprise.Lookup[string]](t)(view.Get(ctx, "k")).Kind, reprise.KindMiss)
}

// Goal: a stale value is served at once while one computation runs behind it. Method: mark stale, hold the computation
// up.
func TestStaleWhileRevalidate(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	view := reprise.Typed[string](client)
	options := []reprise.ComputeOption{reprise.TTL(time.Minute), reprise.StaleWindow(time.Hour)}
	must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "old"}).compute, options...))
	must[reprise.InvalidateResult](t)(client.InvalidateKeys(ctx, []string{"k"}, reprise.MarkStale()))
	from := &source{value: "new", gate: make(chan struct{})}
	for range 3 {
		got := must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", from.compute, options...))
		if got.Value != "old" || !got.Stale {
			t.Errorf("got %+v", got)
		}
	}
	close(from.gate)
	testserver.Await(t, "the new value", func() bool {
		return must[reprise.Lookup[string]](t)(view.Get(ctx, "k")).Value == "new"
	})
	equal(t, "computations", from.begun.Load(), 1)
}

// Goal: where it is asked for, a stale value stands in for an error, and the error is told. Method: mark stale, fail.
func TestStaleIfError(t *testing.T) {
	s := newSpace(t)
	told := make(chan error, 1)
	client := s.client(reprise.WithBackgroundError(func(err error) { told <- err }))
	ctx := testserver.Context(t)
	view := reprise.Typed[string](client)
	option := reprise.StaleIfError(time.Hour)
	must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "old"}).compute, option))
	must[reprise.InvalidateResult](t)(client.InvalidateKeys(ctx, []string{"k"}, reprise.MarkStale()))
	broken := errors.New("no luck")
	got := must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{err: broken}).compute, option))
	equal(t, "stale", got.Value == "old" && got.Stale, true)
	equal(t, "told", <-told, broken)
	got = must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "new"}).compute, option))
	equal(t, "fresh where it works", got.Value, "new")
}

// Goal: the cache being away stops nobody, and does not let all callers compute at once. Method: nobody listens; a
// server that is overloaded.
func TestComputeWithoutCache(t *testing.T) {
	ctx := testserver.Context(t)
	from := &source{value: "v", gate: make(chan struct{})}
	view := reprise.Typed[string](connect(t, "127.0.0.1:1"))
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if got, err := view.GetOrCompute(ctx, "k", from.compute); err != nil || got.Value != "v" || !got.Computed {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	testserver.Await(t, "the computation has begun", func() bool { return from.begun.Load() > 0 })
	close(from.gate)
	all.Wait()
	if begun := from.begun.Load(); begun > 9 {
		t.Errorf("%d computations for 10 callers", begun)
	}
	s := newSpace(t)
	s.inject(&testingv1.Fault{Method: getMethod, Effect: failure(int32(codes.ResourceExhausted), "OVERLOADED")})
	got := must[reprise.Lookup[string]](t)(reprise.Typed[string](s.client()).GetOrCompute(ctx, "k", from.compute))
	equal(t, "overloaded", got.Value, "v")
	equal(t, "nothing is kept without a fence", len(s.calls(setMethod)), 0)
}

// Goal: a failed Set does not hide the value. Method: the server refuses to store.
func TestComputeSetFails(t *testing.T) {
	s := newSpace(t)
	told := make(chan error, 1)
	view := reprise.Typed[string](s.client(reprise.WithBackgroundError(func(err error) { told <- err })))
	ctx := testserver.Context(t)
	got := must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "v"}).compute, reprise.TTL(1000*24*time.Hour)))
	equal(t, "value", got.Value, "v")
	equal(t, "told", errors.Is(<-told, reprise.ErrInvalidArgument), true)
	equal(t, "released", len(s.calls(releaseMethod)), 1)
}

// Goal: whoever waits in vain computes for himself. Method: a lease that somebody else holds and never uses.
func TestComputeAfterWait(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	busy := &source{gate: make(chan struct{}), value: "late"}
	holder := reprise.Typed[string](s.client())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = holder.GetOrCompute(ctx, "k", busy.compute)
	}()
	testserver.Await(t, "the lease is held", func() bool { return busy.begun.Load() > 0 })
	got := must[reprise.Lookup[string]](t)(reprise.Typed[string](s.client()).GetOrCompute(ctx, "k", (&source{value: "mine"}).compute, reprise.Wait(100*time.Millisecond)))
	equal(t, "computed", got.Value == "mine" && got.Computed, true)
	equal(t, "kept behind the fence", got.Revision != "", true)
	close(busy.gate)
	<-done
	equal(t, "the void lease kept nothing", must[reprise.Lookup[string]](t)(holder.Get(ctx, "k")).Value, "mine")
}

// Goal: one caller's end ends only its own waiting; that of all ends the computation. Method: two callers, cancelled
// one after the other.
func TestComputeCancelled(t *testing.T) {
	s := newSpace(t)
	client := s.client()
	view := reprise.Typed[string](client)
	from := &source{gate: make(chan struct{})}
	ended := make(chan error, 2)
	ask := func() context.CancelFunc {
		ctx, cancel := context.WithCancel(testserver.Context(t))
		go func() {
			_, err := view.GetOrCompute(ctx, "k", from.compute)
			ended <- err
		}()
		return cancel
	}
	first := ask()
	testserver.Await(t, "the computation has begun", func() bool { return from.begun.Load() == 1 })
	second := ask()
	testserver.Await(t, "both wait", func() bool { return client.Waiting("k") == 2 })
	first()
	equal(t, "first", errors.Is(<-ended, context.Canceled), true)
	equal(t, "not released", len(s.calls(releaseMethod)), 0)
	second()
	equal(t, "second", errors.Is(<-ended, context.Canceled), true)
	testserver.Await(t, "the lease is handed back", func() bool { return len(s.calls(releaseMethod)) == 1 })
}

// Goal: a panic reaches every caller, and the lease is handed back. Method: panic in the computation.
func TestComputePanics(t *testing.T) {
	s := newSpace(t)
	view := reprise.Typed[string](s.client())
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = view.GetOrCompute(testserver.Context(t), "k", func(context.Context) (string, error) { panic("ouch") })
	}()
	equal(t, "released", len(s.calls(releaseMethod)), 1)
}

// Goal: near its end a value is computed anew in the background, and never over a newer one. Method: move the server's
// clock into the last tenth.
func TestEarlyRefresh(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client := s.client()
	view := reprise.Typed[string](client)
	ttl := reprise.TTL(time.Hour)
	must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", (&source{value: "old"}).compute, ttl))
	from := &source{value: "new"}
	for range 50 {
		must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", from.compute, ttl))
	}
	equal(t, "not before the last tenth", from.begun.Load(), 0)
	s.advance(durationpb.New(59 * time.Minute))
	testserver.Await(t, "the refresh", func() bool {
		must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", from.compute, ttl, reprise.WithoutEarlyRefresh()))
		before := from.begun.Load()
		must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", from.compute, ttl))
		return before > 0 && must[reprise.Lookup[string]](t)(view.Get(ctx, "k")).Value == "new"
	})
	equal(t, "computations", from.begun.Load(), 1)
	fresh := must[reprise.Lookup[string]](t)(view.Get(ctx, "k"))
	equal(t, "a new life", fresh.FreshFor > 50*time.Minute, true)

	s.advance(durationpb.New(59 * time.Minute))
	other := s.client()
	overtaken := func(context.Context) (string, error) {
		_, err := other.InvalidateAll(ctx)
		from.begun.Add(1)
		return "overtaken", err
	}
	testserver.Await(t, "the overtaken refresh", func() bool {
		must[reprise.Lookup[string]](t)(view.GetOrCompute(ctx, "k", overtaken, ttl))
		return from.begun.Load() > 1
	})
}

// Goal: computed values pass through where the cache is off. Method: two calls compute twice.
func TestComputePassThrough(t *testing.T) {
	view := reprise.Typed[string](connect(t, "127.0.0.1:1", reprise.WithPassThrough()))
	from := &source{value: "v"}
	for range 2 {
		got := must[reprise.Lookup[string]](t)(view.GetOrCompute(testserver.Context(t), "k", from.compute))
		equal(t, "value", got.Value, "v")
	}
	equal(t, "computations", from.begun.Load(), 2)
}

// Goal: a computation shared by bytes belongs to each caller. Method: change what came back.
func TestComputeBytes(t *testing.T) {
	client := newSpaceWith(t, &reprisev1.NamespaceSettings{}).client()
	ctx := testserver.Context(t)
	compute := func(context.Context) ([]byte, error) { return []byte("abc"), nil }
	got := must[reprise.Lookup[[]byte]](t)(client.GetOrCompute(ctx, "k", compute, reprise.ContentType("text/x")))
	got.Value[0] = 'X'
	again := must[reprise.Lookup[[]byte]](t)(client.GetOrCompute(ctx, "k", compute))
	equal(t, "value", string(again.Value), "abc")
	equal(t, "content type", again.ContentType, "text/x")
	equal(t, "empty", must[reprise.Lookup[[]byte]](t)(client.GetOrCompute(ctx, "e", func(context.Context) ([]byte, error) { return nil, nil })).Value != nil, true)
}
