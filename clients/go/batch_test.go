package reprise_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/testserver"
)

// hold keeps a read on the way until the returned function is called: those that come meanwhile collect.
func (s *space) hold(client *reprise.Client, options ...reprise.GetOption) (release func()) {
	s.t.Helper()
	before := len(s.calls(getMethod))
	s.inject(&testingv1.Fault{Method: getMethod, Calls: 1, Effect: &testingv1.Fault_Silence{Silence: &emptypb.Empty{}}})
	ctx, cancel := context.WithCancel(testserver.Context(s.t))
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if _, err := client.Get(ctx, "held", options...); !errors.Is(err, context.Canceled) {
			s.t.Errorf("the read that is held: %v", err)
		}
	}()
	testserver.Await(s.t, "a call is on the way", func() bool { return len(s.calls(getMethod)) > before })
	return func() { cancel(); <-gone }
}

// Goal: reads that come while one is on the way share a call, each with its own answer; different options don't.
// Method: hold a call of each kind, let go, and see what the server saw.
func TestBatching(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client := s.client(reprise.WithBatchWindow(time.Hour))
	for i := range 10 {
		must[reprise.SetResult](t)(s.client().Set(ctx, fmt.Sprint(i), []byte(fmt.Sprint(i))))
	}
	release, releaseTags := s.hold(client), s.hold(client, reprise.IncludeTags())
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			var options []reprise.GetOption
			if i >= 10 {
				options = append(options, reprise.IncludeTags())
			}
			got, err := client.Get(ctx, fmt.Sprint(i%10), options...)
			if err != nil || string(got.Value) != fmt.Sprint(i%10) {
				t.Errorf("%d: %+v, %v", i, got, err)
			}
		})
	}
	testserver.Await(t, "all wait", func() bool { return client.Collected() == 20 })
	equal(t, "before a call returns", len(s.calls(batchGetMethod)), 0)
	release()
	releaseTags()
	all.Wait()
	equal(t, "batches", len(s.calls(batchGetMethod)), 2)
	equal(t, "single", len(s.calls(getMethod)), 2)
}

// Goal: who reads one key after another never waits for a window. Method: a window of an hour.
func TestSequentialReadsDoNotWait(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(time.Hour))
	for range 10 {
		must[reprise.Lookup[[]byte]](t)(client.Get(testserver.Context(t), "k"))
	}
	equal(t, "single", len(s.calls(getMethod)), 10)
}

// Goal: a call that hangs holds nobody longer than the window. Method: one is held while another one reads.
func TestBatchWindowEnds(t *testing.T) {
	s := newSpace(t)
	client := s.client()
	release := s.hold(client)
	must[reprise.Lookup[[]byte]](t)(client.Get(testserver.Context(t), "k"))
	equal(t, "one alone is a Get", len(s.calls(getMethod)), 2)
	release()
}

// Goal: a full batch waits neither for its window nor for the call on the way. Method: 100 reads behind a held one, in a
// window of an hour.
func TestFullBatch(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(time.Hour))
	ctx := testserver.Context(t)
	release := s.hold(client)
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			if _, err := client.Get(ctx, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	equal(t, "batches", len(s.calls(batchGetMethod)), 1)
	release()
}

// Goal: a batch never has more than a hundred keys, also when its window ends at the moment it is full. Method: windows
// that end at once, and many reads at the same time.
func TestBatchesAreBounded(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(time.Nanosecond))
	ctx := testserver.Context(t)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range 400 {
		all.Go(func() {
			<-begin
			// A slow server may shed some of so many calls: what counts is what it was sent.
			if _, err := client.Get(ctx, fmt.Sprint(i)); err != nil && !errors.Is(err, reprise.ErrOverloaded) {
				t.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
	for _, call := range s.calls(batchGetMethod) {
		var request reprisev1.BatchGetRequest
		if err := call.GetRequest().UnmarshalTo(&request); err != nil {
			t.Fatal(err)
		}
		if keys := len(request.GetKeys()); keys > 100 {
			t.Errorf("a batch of %d keys", keys)
		}
	}
}

// Goal: batching can be turned off. Method: concurrent reads are calls of their own.
func TestNoBatching(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(0))
	ctx := testserver.Context(t)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, err := client.Get(ctx, "k"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	equal(t, "single", len(s.calls(getMethod)), 5)
	equal(t, "batches", len(s.calls(batchGetMethod)), 0)
}

// Goal: a caller who leaves takes nobody with him, and a failure reaches all. Method: one of two is cancelled; then a
// fault.
func TestBatchLeavesAndFailures(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(time.Hour))
	ctx := testserver.Context(t)
	release := s.hold(client)
	leaving, leave := context.WithCancel(ctx)
	left, stayed := s.read(leaving, client, "a"), s.read(ctx, client, "b")
	testserver.Await(t, "both wait", func() bool { return client.Collected() == 2 })
	leave()
	equal(t, "left", errors.Is(<-left, context.Canceled), true)
	release()
	if err := <-stayed; err != nil {
		t.Error(err)
	}
	s.inject(&testingv1.Fault{Method: batchGetMethod, Effect: failure(int32(codes.Unavailable), "")})
	release = s.hold(client)
	one, two := s.read(ctx, client, "a"), s.read(ctx, client, "b")
	testserver.Await(t, "both wait", func() bool { return client.Collected() == 2 })
	release()
	for _, failed := range []chan error{one, two} {
		if err := <-failed; !errors.Is(err, reprise.ErrUnavailable) {
			t.Errorf("error: %v", err)
		}
	}
}

func (s *space) read(ctx context.Context, client *reprise.Client, key string, options ...reprise.GetOption) chan error {
	done := make(chan error, 1)
	go func() {
		_, err := client.Get(ctx, key, options...)
		done <- err
	}()
	return done
}

// BenchmarkGet reads from a server, one read after another, and 64 at a time; with batching and without.
func BenchmarkGet(b *testing.B) {
	s := newSpace(b)
	ctx := context.Background()
	must[reprise.SetResult](b)(s.client().Set(ctx, "k", make([]byte, 100)))
	for _, way := range []struct {
		name    string
		options []reprise.Option
	}{{"batching", nil}, {"single", []reprise.Option{reprise.WithBatchWindow(0)}}} {
		client := s.client(way.options...)
		read := func() {
			if found, err := client.Get(ctx, "k"); err != nil || !found.Hit() {
				b.Error(found.Kind, err)
			}
		}
		b.Run(way.name+"/sequential", func(b *testing.B) {
			for b.Loop() {
				read()
			}
		})
		b.Run(way.name+"/concurrent", func(b *testing.B) {
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					read()
				}
			})
		})
	}
}
