package reprise

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/metadata"
)

// tracer makes a span of each call, retries included, through the OpenTelemetry API, and tells the server of it in W3C
// Trace Context. Without an SDK in the application it makes no spans, but hands on the trace that the caller is in.
// Streams have none: they live as long as the client does.
type tracer struct {
	tracer trace.Tracer
	w3c    propagation.TraceContext
}

func newTracer(provider trace.TracerProvider) *tracer {
	if provider == nil {
		provider = otel.GetTracerProvider()
	}
	return &tracer{tracer: provider.Tracer("reprise.dev/go")}
}

// begin starts the span of a call. A nil tracer makes none, nor does what the client does by itself, such as proofs.
func (t *tracer) begin(ctx context.Context, call rpc) (context.Context, trace.Span) {
	if t == nil || call.untraced {
		return ctx, trace.SpanFromContext(context.Background()) // one that does nothing
	}
	ctx, span := t.tracer.Start(ctx, "reprise "+call.op, trace.WithSpanKind(trace.SpanKindClient))
	if !span.SpanContext().IsValid() {
		return ctx, span
	}
	headers := propagation.MapCarrier{}
	t.w3c.Inject(ctx, headers)
	for name, value := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, name, value)
	}
	return ctx, span
}

// ended ends the span of a call. It holds neither keys nor values.
func ended(span trace.Span, err *Error) {
	if span.IsRecording() {
		span.SetAttributes(attribute.String("rpc.system", "grpc"), attribute.String("reprise.outcome", outcome(err)))
		if err != nil {
			span.SetStatus(codes.Error, outcome(err))
		}
	}
	span.End()
}
