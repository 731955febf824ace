package reprise_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	"reprise.dev/go/internal/testserver"
)

// states remembers what a subscription was.
type states struct {
	mu  sync.Mutex
	all []reprise.StreamState
}

func (s *states) add(state reprise.StreamState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, state)
}

func (s *states) list() []reprise.StreamState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

func subscribe(t *testing.T, client *reprise.Client, options ...reprise.SubscribeOption) (*reprise.Subscription, *states) {
	t.Helper()
	seen := &states{}
	sub := client.Subscribe(testserver.Context(t), append(options, reprise.OnState(seen.add))...)
	t.Cleanup(sub.Close)
	testserver.Await(t, "READY", func() bool { return sub.State() == reprise.StreamReady })
	return sub, seen
}

func next(t *testing.T, sub *reprise.Subscription, kind reprise.MessageKind) reprise.Message {
	t.Helper()
	for {
		message, ok := sub.Next(testserver.Context(t))
		if !ok {
			t.Fatalf("the subscription ended: %v", sub.Err())
		}
		if message.Kind == kind {
			return message
		}
	}
}

// Goal: changes come in order, with what they were, own ones left out. Method: one of each cause.
func TestSubscribeChanges(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client, other := s.client(), s.client()
	sub, _ := subscribe(t, client)
	must[reprise.SetResult](t)(client.Set(ctx, "own", nil))
	set := must[reprise.SetResult](t)(other.Set(ctx, "p:1", nil))
	must[reprise.TouchResult](t)(other.Touch(ctx, "p:1"))
	must[reprise.DeleteResult](t)(other.Delete(ctx, "p:1"))
	must[reprise.InvalidateResult](t)(other.InvalidateKeys(ctx, []string{"p:2"}, reprise.MarkStale()))
	must[reprise.InvalidateResult](t)(other.InvalidateTags(ctx, []string{"t"}))
	must[reprise.InvalidateResult](t)(other.InvalidatePrefix(ctx, "p:"))
	must[reprise.InvalidateResult](t)(other.InvalidateAll(ctx))
	want := []reprise.Change{
		{Key: "p:1", Cause: reprise.CauseSet}, {Key: "p:1", Cause: reprise.CauseTouch}, {Key: "p:1", Cause: reprise.CauseDelete},
		{Key: "p:2", Cause: reprise.CauseKey, Mode: reprise.ModeMarkStale}, {Tag: "t", Cause: reprise.CauseTag, Mode: reprise.ModeRemove},
		{Prefix: "p:", Cause: reprise.CausePrefix, Mode: reprise.ModeRemove}, {WholeNamespace: true, Cause: reprise.CauseNamespace, Mode: reprise.ModeRemove},
	}
	var got []reprise.Change
	for change, err := range sub.Changes() {
		if err != nil {
			t.Fatal(err)
		}
		if change.Cause == reprise.CauseSet {
			equal(t, "revision", change.Revision, set.Revision)
		}
		change.Revision, change.Actor = "", ""
		if got = append(got, change); len(got) == len(want) {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

// Goal: filters choose. Method: own changes wanted; of keys, prefixes and causes one matches.
func TestSubscribeFilters(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client := s.client()
	sub, _ := subscribe(t, client, reprise.IncludeOwn(), reprise.OnlyKeys("k"), reprise.OnlyPrefixes("p:"), reprise.OnlyTags("t"), reprise.OnlyCauses(reprise.CauseSet))
	must[reprise.SetResult](t)(client.Set(ctx, "other", nil))
	must[reprise.SetResult](t)(client.Set(ctx, "k", nil))
	must[reprise.DeleteResult](t)(client.Delete(ctx, "k"))
	must[reprise.SetResult](t)(client.Set(ctx, "p:1", nil))
	must[reprise.SetResult](t)(client.Set(ctx, "x", nil, reprise.Tags("t")))
	for _, key := range []string{"k", "p:1", "x"} {
		equal(t, "key", next(t, sub, reprise.MessageChange).Change.Key, key)
	}
}

// Goal: a stream that breaks goes on without a gap; its states say so. Method: break it, by an error, by silence, and by
// cutting the connection, and write meanwhile.
func TestSubscribeResumes(t *testing.T) {
	for name, how := range map[string]*testingv1.BreakStreamsRequest{
		"error":   {How: &testingv1.BreakStreamsRequest_Failure{Failure: &testingv1.Failure{Code: int32(codes.Internal)}}},
		"silence": silence(),
		"cut":     {How: &testingv1.BreakStreamsRequest_Cut{Cut: &emptypb.Empty{}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSpace(t)
			ctx := testserver.Context(t)
			sub, seen := subscribe(t, s.client(), reprise.ProgressInterval(200*time.Millisecond))
			other := s.client()
			must[reprise.SetResult](t)(other.Set(ctx, "1", nil))
			equal(t, "before", next(t, sub, reprise.MessageChange).Change.Key, "1")
			s.breakStreams(how)
			must[reprise.SetResult](t)(other.Set(ctx, "2", nil))
			must[reprise.SetResult](t)(other.Set(ctx, "3", nil))
			equal(t, "after", next(t, sub, reprise.MessageChange).Change.Key, "2")
			equal(t, "after", next(t, sub, reprise.MessageChange).Change.Key, "3")
			want := []reprise.StreamState{reprise.StreamConnecting, reprise.StreamReady, reprise.StreamStale, reprise.StreamReady}
			if got := seen.list(); len(got) < 4 || !slices.Equal(got[:4], want) {
				t.Errorf("states: %v", got)
			}
		})
	}
}

// Goal: another subscription goes on after what was taken. Method: take one of two, resume with the token.
func TestSubscribeToken(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client, other := s.client(), s.client()
	sub, _ := subscribe(t, client)
	must[reprise.SetResult](t)(other.Set(ctx, "1", nil))
	equal(t, "first", next(t, sub, reprise.MessageChange).Change.Key, "1")
	testserver.Await(t, "a token", func() bool { next(t, sub, reprise.MessageProgress); return sub.Token() != "" })
	token := sub.Token()
	sub.Close()
	must[reprise.SetResult](t)(other.Set(ctx, "2", nil))
	again, _ := subscribe(t, client, reprise.ResumeAfter(token))
	equal(t, "second", next(t, again, reprise.MessageChange).Change.Key, "2")
	set := must[reprise.SetResult](t)(other.Set(ctx, "3", nil))
	must[reprise.SetResult](t)(other.Set(ctx, "4", nil))
	third, _ := subscribe(t, client, reprise.ResumeAfter(set.Token))
	equal(t, "after a write", next(t, third, reprise.MessageChange).Change.Key, "4")
}

// Goal: a token that can't be honoured is a Reset, with its states. Method: nonsense.
func TestSubscribeReset(t *testing.T) {
	sub, seen := subscribe(t, newSpace(t).client(), reprise.ResumeAfter("nonsense"))
	equal(t, "reason", next(t, sub, reprise.MessageReset).Reset, "TOKEN_UNUSABLE")
	if got := seen.list(); !slices.Contains(got, reprise.StreamResetting) || got[len(got)-1] != reprise.StreamReady {
		t.Errorf("states: %v", got)
	}
}

// Goal: who does not take what comes gets a Reset, never endless memory; then it goes on. Method: a small buffer, at its
// limit and one past it.
func TestSubscribeSlow(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	sub, seen := subscribe(t, s.client(), reprise.BufferMax(5))
	other := s.client()
	for i := range 5 {
		must[reprise.SetResult](t)(other.Set(ctx, fmt.Sprint(i), nil))
	}
	equal(t, "at the limit", next(t, sub, reprise.MessageChange).Change.Key, "0")
	for i := range 4 {
		equal(t, "at the limit", next(t, sub, reprise.MessageChange).Change.Key, fmt.Sprint(i+1))
	}
	for i := range 6 {
		must[reprise.SetResult](t)(other.Set(ctx, fmt.Sprint(i), nil))
	}
	testserver.Await(t, "RESETTING", func() bool { return slices.Contains(seen.list(), reprise.StreamResetting) })
	equal(t, "past the limit", next(t, sub, reprise.MessageReset).Reset, "SLOW")
	must[reprise.SetResult](t)(other.Set(ctx, "later", nil))
	testserver.Await(t, "the later change", func() bool { return next(t, sub, reprise.MessageChange).Change.Key == "later" })
}

// Goal: what no retry heals ends the subscription with its error. Method: a bad filter; a namespace that goes away.
func TestSubscribeEnds(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	client := s.client()
	for _, option := range []reprise.SubscribeOption{reprise.OnlyPrefixes("noscope"), reprise.OnlyCauses("NONSENSE")} {
		sub := client.Subscribe(ctx, option)
		for _, err := range sub.Changes() {
			equal(t, "bad filter", errors.Is(err, reprise.ErrInvalidArgument), true)
		}
		equal(t, "error", errors.Is(sub.Err(), reprise.ErrInvalidArgument), true)
		equal(t, "state", sub.State(), reprise.StreamClosed)
	}
	lost := connect(t, server.Address, reprise.WithNamespace("nowhere")).Subscribe(ctx)
	for _, err := range lost.Messages() {
		if err != nil {
			equal(t, "namespace", errors.Is(err, reprise.ErrNotFound), true)
		}
	}
	equal(t, "error", errors.Is(lost.Err(), reprise.ErrNotFound), true)
}

// Goal: a context, or Close, ends a subscription without an error. Method: both, while a reader waits.
func TestSubscribeCloses(t *testing.T) {
	client := newSpace(t).client()
	ctx, cancel := context.WithCancel(context.Background())
	for _, end := range []func(*reprise.Subscription){
		func(s *reprise.Subscription) { s.Close() },
		func(*reprise.Subscription) { cancel() },
	} {
		sub := client.Subscribe(ctx)
		time.AfterFunc(50*time.Millisecond, func() { end(sub) })
		for _, err := range sub.Changes() {
			t.Errorf("error: %v", err)
		}
		equal(t, "state", sub.State(), reprise.StreamClosed)
	}
}
