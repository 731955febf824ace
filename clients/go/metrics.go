package reprise

import (
	"context"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// metrics counts through the OpenTelemetry API. Without an SDK in the application all of it does nothing.
type metrics struct {
	calls        metric.Int64Counter
	duration     metric.Float64Histogram
	registration metric.Registration
}

func newMetrics(provider metric.MeterProvider, c *Client) (*metrics, error) {
	if provider == nil {
		provider = otel.GetMeterProvider()
	}
	meter := provider.Meter("reprise.dev/go")
	calls, err := meter.Int64Counter("reprise.client.calls",
		metric.WithDescription("Calls by method and outcome: ok, or the reason or code of the error."), metric.WithUnit("{call}"))
	if err != nil {
		return nil, err
	}
	duration, err := meter.Float64Histogram("reprise.client.call.duration",
		metric.WithDescription("How long calls took, retries included."), metric.WithUnit("s"))
	if err != nil {
		return nil, err
	}
	m := &metrics{calls: calls, duration: duration}
	if c.near != nil {
		err = m.watchNear(meter, c.near)
	}
	return m, err
}

// called counts a call. A nil metrics counts nothing: the client passes through.
func (m *metrics) called(op string, err *Error, took time.Duration) {
	if m == nil {
		return
	}
	attributes := metric.WithAttributeSet(attribute.NewSet(attribute.String("method", op), attribute.String("outcome", outcome(err))))
	m.calls.Add(context.Background(), 1, attributes)
	m.duration.Record(context.Background(), took.Seconds(), attributes)
}

func outcome(err *Error) string {
	switch {
	case err == nil:
		return "ok"
	case err.Reason != "":
		return err.Reason
	}
	return err.Code.String()
}

func (m *metrics) close() {
	if m != nil && m.registration != nil {
		_ = m.registration.Unregister()
	}
}

// watchNear lets the application's reader ask the near cache for its figures.
func (m *metrics) watchNear(meter metric.Meter, n *nearCache) error {
	set := gaugeSet{meter: meter}
	entries := set.gauge("entries", "{entry}", "Entries kept now.")
	bytes := set.gauge("bytes", "By", "Bytes kept now.")
	hits := set.counter("hits", "{read}", "Reads that were served from memory.")
	misses := set.counter("misses", "{read}", "Reads that went through.")
	evictions := set.counter("evictions", "{entry}", "Entries that left to make room. Many: raise the bounds.")
	drops := set.counter("drops", "{entry}", "Entries that left because they were or might be wrong, by cause.")
	resets := set.counter("resets", "{reset}", "How often changes may have been missed and everything was dropped.")
	proofs := set.counter("proofs", "{proof}", "How often the near cache was proven fresh. None: it serves nothing.")
	refused := set.counter("refused_inserts", "{entry}", "Reads that were not kept, because something changed meanwhile.")
	if set.err != nil {
		return set.err
	}
	var err error
	m.registration, err = meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		s := n.stats()
		o.ObserveInt64(entries, int64(s.Entries))
		o.ObserveInt64(bytes, s.Bytes)
		o.ObserveInt64(hits, int64(s.Hits))
		o.ObserveInt64(misses, int64(s.Misses))
		o.ObserveInt64(evictions, int64(s.Evictions))
		o.ObserveInt64(resets, int64(s.Resets))
		o.ObserveInt64(proofs, int64(s.Proofs))
		o.ObserveInt64(refused, int64(s.RefusedInserts))
		for cause, count := range s.Drops {
			o.ObserveInt64(drops, int64(count), metric.WithAttributes(attribute.String("cause", cause)))
		}
		return nil
	}, set.all...)
	return err
}

// gaugeSet makes instruments, and remembers the first error.
type gaugeSet struct {
	meter metric.Meter
	all   []metric.Observable
	err   error
}

func (s *gaugeSet) gauge(name, unit, help string) metric.Int64ObservableGauge {
	g, err := s.meter.Int64ObservableGauge("reprise.client.near_cache."+name, metric.WithUnit(unit), metric.WithDescription(help))
	s.add(g, err)
	return g
}

func (s *gaugeSet) counter(name, unit, help string) metric.Int64ObservableCounter {
	c, err := s.meter.Int64ObservableCounter("reprise.client.near_cache."+name, metric.WithUnit(unit), metric.WithDescription(help))
	s.add(c, err)
	return c
}

func (s *gaugeSet) add(o metric.Observable, err error) {
	s.all = append(s.all, o)
	if s.err == nil {
		s.err = err
	}
}
