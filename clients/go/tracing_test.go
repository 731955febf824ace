package reprise_test

import (
	"errors"
	"fmt"
	"testing"

	otelcodes "go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"reprise.dev/go"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	"reprise.dev/go/internal/testserver"
)

// Goal: with an SDK each call is a span below the caller's own, and the server is told of it. Method: what the SDK
// exported, and what the server recorded.
func TestTracing(t *testing.T) {
	s := newSpace(t)
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	client := s.client(reprise.WithTracerProvider(provider))
	ctx, own := provider.Tracer("test").Start(testserver.Context(t), "own")
	must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v")))
	must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k"))
	s.inject(&testingv1.Fault{Method: getMethod, Effect: failure(int32(codes.NotFound), "")})
	_, err := client.Get(ctx, "k")
	equal(t, "failed", errors.Is(err, reprise.ErrNotFound), true)

	spans := exporter.GetSpans()
	calls := append(s.calls(setMethod), s.calls(getMethod)...)
	if len(spans) != 3 || len(calls) != 3 {
		t.Fatalf("%d spans of %d calls", len(spans), len(calls))
	}
	for i, name := range []string{"reprise Set", "reprise Get", "reprise Get"} {
		equal(t, "name", spans[i].Name, name)
		equal(t, "kind", spans[i].SpanKind, trace.SpanKindClient)
		equal(t, "parent", spans[i].Parent.SpanID(), own.SpanContext().SpanID())
		id := spans[i].SpanContext
		equal(t, "traceparent", calls[i].GetMetadata()["traceparent"], fmt.Sprintf("00-%s-%s-01", id.TraceID(), id.SpanID()))
	}
	equal(t, "status", spans[2].Status.Code, otelcodes.Error)
	equal(t, "status", spans[2].Status.Description, "NotFound")
}

// Goal: without an SDK a client makes no spans, but hands on the trace that its caller is in. Method: a trace from
// elsewhere, and none.
func TestTracingWithoutSDK(t *testing.T) {
	s := newSpace(t)
	client, ctx := s.client(), testserver.Context(t)
	must[reprise.SetResult](t)(client.Set(ctx, "k", nil))
	remote := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled, Remote: true})
	must[reprise.SetResult](t)(client.Set(trace.ContextWithRemoteSpanContext(ctx, remote), "k", nil))
	calls := s.calls(setMethod)
	equal(t, "none", calls[0].GetMetadata()["traceparent"], "")
	equal(t, "handed on", calls[1].GetMetadata()["traceparent"], fmt.Sprintf("00-%s-%s-01", remote.TraceID(), remote.SpanID()))
}
