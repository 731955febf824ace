package reprise_test

import (
	"context"
	"crypto/tls"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/testserver"
)

// Goal: what may be retried is retried three times, with the same request id, and only that. Method: faults by reason,
// counted by the server.
func TestRetries(t *testing.T) {
	ctx := testserver.Context(t)
	cases := []struct {
		name  string
		code  codes.Code
		label string
		tries int
		kind  error
	}{
		{"no reason", codes.Unavailable, "", 3, reprise.ErrUnavailable},
		{"store", codes.Unavailable, "STORE_UNAVAILABLE", 3, reprise.ErrUnavailable},
		{"overload", codes.ResourceExhausted, "OVERLOADED", 3, reprise.ErrOverloaded},
		{"request ids", codes.ResourceExhausted, "REQUEST_IDS_FULL", 3, reprise.ErrOverloaded},
		{"too large", codes.ResourceExhausted, "VALUE_TOO_LARGE", 1, nil},
		{"argument", codes.InvalidArgument, "TTL_OUT_OF_RANGE", 1, reprise.ErrInvalidArgument},
		{"bug", codes.Internal, "INTERNAL", 1, nil},
		{"outcome", codes.Unavailable, "OUTCOME_UNKNOWN", 3, reprise.ErrOutcomeUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSpace(t)
			s.inject(&testingv1.Fault{Method: setMethod, Effect: failure(int32(c.code), c.label)})
			_, err := s.client().Set(ctx, "k", []byte("v"))
			var failed *reprise.Error
			if !errors.As(err, &failed) || failed.Code != c.code || failed.Reason != c.label {
				t.Fatalf("error: %v", err)
			}
			if c.kind != nil && !errors.Is(err, c.kind) {
				t.Errorf("kind of %v", err)
			}
			calls := s.calls(setMethod)
			equal(t, "tries", len(calls), c.tries)
			ids := map[string]bool{}
			for _, call := range calls {
				var request reprisev1.SetRequest
				if err := call.GetRequest().UnmarshalTo(&request); err != nil {
					t.Fatal(err)
				}
				ids[request.GetRequestId()] = true
			}
			equal(t, "request ids", len(ids), 1)
		})
	}
}

// Goal: a change whose answer was lost is made once, by the same request id. Method: an increment after whose work the
// connection breaks.
func TestRetryAppliesOnce(t *testing.T) {
	s := newSpace(t)
	client, ctx := s.client(), testserver.Context(t)
	s.inject(&testingv1.Fault{Method: "reprise.v1.CacheService/Increment", Calls: 1, AfterWork: true, Effect: &testingv1.Fault_Cut{Cut: &emptypb.Empty{}}})
	result := must[reprise.IncrementResult](t)(client.Increment(ctx, "n", 1))
	equal(t, "counter", result.Value, 1)
	equal(t, "again", must[reprise.IncrementResult](t)(client.Increment(ctx, "n", 1)).Value, 2)
}

// Goal: a retry never comes sooner than the server says, and not at all where that is past the deadline. Method: both.
func TestRetryAfter(t *testing.T) {
	s := newSpace(t)
	ctx := testserver.Context(t)
	fault := failure(int32(codes.Unavailable), "STORE_UNAVAILABLE")
	fault.Failure.RetryAfter = durationpb.New(300 * time.Millisecond)
	s.inject(&testingv1.Fault{Method: setMethod, Calls: 1, Effect: fault})
	client := s.client()
	began := time.Now()
	equal(t, "stored", must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v"))).Stored, true)
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("retried after %v", took)
	}
	fault.Failure.RetryAfter = durationpb.New(time.Hour)
	s.inject(&testingv1.Fault{Method: setMethod, Effect: fault})
	_, err := client.Set(ctx, "k", []byte("v"))
	var failed *reprise.Error
	if !errors.As(err, &failed) || failed.RetryAfter != time.Hour {
		t.Errorf("error: %v", err)
	}
	equal(t, "calls", len(s.calls(setMethod)), 3)
}

// Goal: no call outlives its deadline; a change is then of unknown outcome, a read is not. Method: a server that never
// answers.
func TestDeadline(t *testing.T) {
	s := newSpace(t)
	client, ctx := s.client(), testserver.Context(t)
	s.inject(&testingv1.Fault{Effect: &testingv1.Fault_Silence{Silence: &emptypb.Empty{}}})
	_, err := client.Set(ctx, "k", nil, reprise.Timeout(200*time.Millisecond))
	if !errors.Is(err, reprise.ErrDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, reprise.ErrOutcomeUnknown) {
		t.Errorf("set: %v", err)
	}
	_, err = client.Get(ctx, "k", reprise.Timeout(200*time.Millisecond))
	if !errors.Is(err, reprise.ErrDeadlineExceeded) || errors.Is(err, reprise.ErrOutcomeUnknown) {
		t.Errorf("get: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err = client.Get(cancelled, "k")
	equal(t, "cancelled", errors.Is(err, context.Canceled), true)
}

// Goal: nobody there is Unavailable at once, and a change surely did not happen. Method: a port that nobody listens on.
func TestNobodyThere(t *testing.T) {
	client := connect(t, "127.0.0.1:1")
	_, err := client.Set(testserver.Context(t), "k", nil)
	if !errors.Is(err, reprise.ErrUnavailable) || errors.Is(err, reprise.ErrOutcomeUnknown) {
		t.Errorf("set: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err = reprise.Connect(ctx, "127.0.0.1:1", reprise.WithWaitForServer())
	equal(t, "waited in vain", errors.Is(err, context.DeadlineExceeded), true)
}

// Goal: a client goes to another server when its own breaks, and comes back. Method: two targets, of which one is dead,
// then a restart of the other on the same port.
func TestFailover(t *testing.T) {
	ctx := testserver.Context(t)
	own := must[*testserver.Server](t)(testserver.Start(""))
	defer func() { _ = own.Kill() }()
	client := connect(t, "127.0.0.1:1,"+own.Address, reprise.WithTimeout(testserver.Patience))
	must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v")))
	if err := own.Kill(); err != nil {
		t.Fatal(err)
	}
	again := must[*testserver.Server](t)(testserver.Start(own.Address))
	defer func() { _ = again.Stop() }()
	testserver.Await(t, "the client comes back", func() bool {
		// The tokens of the write belong to a history that ended: dropped by themselves.
		found, err := client.Get(ctx, "k")
		return err == nil && found.Kind == reprise.KindMiss
	})
}

// Goal: closing ends running calls and everything in the background, and later calls say so. Method: a silent server.
func TestClose(t *testing.T) {
	s := newSpace(t)
	client := must[*reprise.Client](t)(reprise.Connect(context.Background(), server.Address, reprise.WithNamespace(s.name), reprise.WithTimeout(testserver.Patience), reprise.WithNearCache(reprise.NearCacheOptions{})))
	s.inject(&testingv1.Fault{Method: setMethod, Effect: &testingv1.Fault_Silence{Silence: &emptypb.Empty{}}})
	done := make(chan error)
	go func() {
		_, err := client.Set(context.Background(), "k", nil)
		done <- err
	}()
	testserver.Await(t, "the call is running", func() bool { return len(s.calls(setMethod)) > 0 })
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	equal(t, "running call", errors.Is(<-done, reprise.ErrClosed), true)
	_, err := client.Get(context.Background(), "k")
	equal(t, "later call", errors.Is(err, reprise.ErrClosed), true)
	sub := client.Subscribe(context.Background())
	for _, err := range sub.Changes() {
		equal(t, "later subscription", errors.Is(err, reprise.ErrClosed), true)
	}
}

// Goal: neither values nor credentials go over plain connections to other machines. Method: targets of both kinds.
func TestPlainConnections(t *testing.T) {
	for _, target := range []string{"10.0.0.1:7171", "example.com:7171", "127.0.0.1:1,10.0.0.1:1", "0.0.0.0:1"} {
		_, err := reprise.Connect(context.Background(), target)
		equal(t, target, errors.Is(err, reprise.ErrInvalidArgument), true)
		_, err = reprise.Connect(context.Background(), target, reprise.WithInsecure(), reprise.WithBearer("x"))
		equal(t, target+" with a credential", errors.Is(err, reprise.ErrInvalidArgument), true)
	}
	for _, target := range []string{"localhost:1", "127.0.0.2:1", "[::1]:1"} {
		connect(t, target, reprise.WithBearer("x"))
	}
	connect(t, "10.0.0.1:1", reprise.WithInsecure())
	connect(t, "10.0.0.1:1", reprise.WithTLSConfig(&tls.Config{MinVersion: tls.VersionTLS13}), reprise.WithBearer("x"))
	_, err := reprise.Connect(context.Background(), "nohost")
	equal(t, "no port", errors.Is(err, reprise.ErrInvalidArgument), true)
}

// Goal: every call carries the origin and the credential, which is asked for anew. Method: what the server recorded.
func TestMetadata(t *testing.T) {
	s := newSpace(t)
	var asked atomic.Int32
	client := s.client(reprise.WithBearerFunc(func(context.Context) (string, error) {
		asked.Add(1)
		return "secret", nil
	}))
	ctx := testserver.Context(t)
	must[reprise.SetResult](t)(client.Set(ctx, "k", nil))
	must[reprise.SetResult](t)(client.Set(ctx, "k", nil))
	for _, call := range s.calls(setMethod) {
		equal(t, "origin", call.GetMetadata()["reprise-origin"], client.Origin())
		if call.GetMetadata()["authorization"] == "" || call.GetDeadline() == nil {
			t.Errorf("call: %+v", call)
		}
	}
	equal(t, "asked", asked.Load(), 2)
	equal(t, "origin", len(client.Origin()), 16)
}

// Goal: own reads are never older than own writes, and unusable tokens heal themselves. Method: what the server was
// sent.
func TestReadYourWrites(t *testing.T) {
	s := newSpace(t)
	client, ctx := s.client(), testserver.Context(t)
	set := must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v")))
	all := must[reprise.InvalidateResult](t)(client.InvalidatePrefix(ctx, "p:"))
	must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k"))
	must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "p:1"))
	must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "other"))
	var sent []string
	for _, call := range s.calls(getMethod) {
		var request reprisev1.GetRequest
		if err := call.GetRequest().UnmarshalTo(&request); err != nil {
			t.Fatal(err)
		}
		tokens := request.GetConsistency().GetAtLeast().GetTokens()
		if len(tokens) > 1 {
			t.Errorf("tokens: %v", tokens)
		}
		sent = append(sent, append(tokens, "")[0])
	}
	if len(sent) != 3 || sent[0] != set.Token || sent[1] != all.Token || sent[2] != "" {
		t.Errorf("sent %v, want %v, %v and none", sent, set.Token, all.Token)
	}
	s.inject(&testingv1.Fault{Method: getMethod, Calls: 1, Effect: failure(0, "TOKEN_UNUSABLE")})
	equal(t, "repeated without", must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k")).Hit(), true)
	_, err := client.Get(ctx, "k", reprise.AtLeast("nonsense"))
	var failed *reprise.Error
	equal(t, "a caller's token", errors.As(err, &failed) && failed.Reason == "TOKEN_UNUSABLE", true)
}
