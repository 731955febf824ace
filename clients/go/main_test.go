package reprise_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/durationpb"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/testserver"
)

// server is shared by the tests: each has a namespace of its own.
var server *testserver.Server

func TestMain(m *testing.M) {
	os.Exit(withServer(m))
}

func withServer(m *testing.M) (code int) {
	var err error
	if server, err = testserver.Start("", "--testing"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code = m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// space is a namespace of its own, and what a test does with it.
type space struct {
	t    testing.TB
	name string
}

func newSpace(t testing.TB) *space { return newSpaceWith(t, nil) }

func newSpaceWith(t testing.TB, settings *reprisev1.NamespaceSettings) *space {
	t.Helper()
	return &space{t, server.Namespace(t, settings)}
}

// client connects, and closes with the test.
func (s *space) client(options ...reprise.Option) *reprise.Client {
	s.t.Helper()
	return connect(s.t, server.Address, append([]reprise.Option{reprise.WithNamespace(s.name), reprise.WithTimeout(testserver.Patience)}, options...)...)
}

func connect(t testing.TB, target string, options ...reprise.Option) *reprise.Client {
	t.Helper()
	client, err := reprise.Connect(context.Background(), target, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client
}

// inject adds a fault for this namespace.
func (s *space) inject(fault *testingv1.Fault) {
	s.t.Helper()
	fault.Namespace = s.name
	if _, err := server.Testing().InjectFault(testserver.Context(s.t), &testingv1.InjectFaultRequest{Fault: fault}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *space) clearFaults() {
	s.t.Helper()
	if _, err := server.Testing().ClearFaults(testserver.Context(s.t), &testingv1.ClearFaultsRequest{Namespace: s.name}); err != nil {
		s.t.Fatal(err)
	}
}

// calls returns the calls of a method that reached the server.
func (s *space) calls(method string) []*testingv1.RecordedCall {
	s.t.Helper()
	answer, err := server.Testing().ListCalls(testserver.Context(s.t), &testingv1.ListCallsRequest{Namespace: s.name, Method: method})
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.GetCalls()
}

func (s *space) advance(d *durationpb.Duration) {
	s.t.Helper()
	if _, err := server.Testing().AdvanceTime(testserver.Context(s.t), &testingv1.AdvanceTimeRequest{By: d}); err != nil {
		s.t.Fatal(err)
	}
}

func failure(code int32, reason string) *testingv1.Fault_Failure {
	return &testingv1.Fault_Failure{Failure: &testingv1.Failure{Code: code, Reason: reason, Message: "injected"}}
}

const (
	getMethod      = "reprise.v1.CacheService/Get"
	setMethod      = "reprise.v1.CacheService/Set"
	batchGetMethod = "reprise.v1.CacheService/BatchGet"
	releaseMethod  = "reprise.v1.CacheService/ReleaseLease"
)

func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
