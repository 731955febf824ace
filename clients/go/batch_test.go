package reprise_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	"reprise.dev/go/internal/testserver"
)

// Goal: concurrent reads share a call, each with its own answer; different options don't. Method: what the server saw.
func TestBatching(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client := s.client(reprise.WithBatchWindow(200 * time.Millisecond))
	other := s.client()
	for i := range 10 {
		must[reprise.SetResult](t)(other.Set(ctx, fmt.Sprint(i), []byte(fmt.Sprint(i))))
	}
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
	all.Wait()
	equal(t, "batches", len(s.calls(batchGetMethod)), 2)
	equal(t, "single", len(s.calls(getMethod)), 0)
	must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "0"))
	equal(t, "one alone is a Get", len(s.calls(getMethod)), 1)
}

// Goal: a full batch does not wait for its window. Method: 100 reads in a window of an hour.
func TestFullBatch(t *testing.T) {
	s := newSpace(t)
	client := s.client(reprise.WithBatchWindow(time.Hour))
	ctx := testserver.Context(t)
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
	client := s.client(reprise.WithBatchWindow(100 * time.Millisecond))
	ctx := testserver.Context(t)
	leaving, leave := context.WithCancel(ctx)
	left := make(chan error)
	go func() {
		_, err := client.Get(leaving, "a")
		left <- err
	}()
	stayed := make(chan error)
	go func() {
		_, err := client.Get(ctx, "b")
		stayed <- err
	}()
	leave()
	equal(t, "left", errors.Is(<-left, context.Canceled), true)
	if err := <-stayed; err != nil {
		t.Error(err)
	}
	s.inject(&testingv1.Fault{Method: batchGetMethod, Effect: &testingv1.Fault_Silence{Silence: &emptypb.Empty{}}})
	failed := make(chan error)
	for _, key := range []string{"a", "b"} {
		go func() {
			_, err := client.Get(ctx, key, reprise.Timeout(time.Second))
			failed <- err
		}()
	}
	for range 2 {
		if err := <-failed; !errors.Is(err, reprise.ErrDeadlineExceeded) {
			t.Errorf("error: %v", err)
		}
	}
}
