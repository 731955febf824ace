package reprise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/grpc"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/retry"
)

const (
	defaultWait  = 10 * time.Second
	defaultHold  = 10 * time.Second
	waitMax      = 30 * time.Second // what a server lets a caller wait for somebody's fill
	askAgain     = 50 * time.Millisecond
	askAgainMax  = time.Second
	smoothedOver = 8
)

// payload is what a computation returned, encoded.
type payload struct {
	value       []byte
	contentType string
}

type computation func(ctx context.Context) (payload, error)

// GetOrCompute reads an entry, or computes it when the cache has none, and keeps it. Of all callers of all processes one
// computes, while its right to fill the key lasts; the others wait for its value. Where the cache is away, the value is
// computed and returned all the same.
//
// An error of compute is returned as it is, and nothing is kept; [ErrNothing] makes a negative Lookup. Callers of one
// process that ask at the same time share one computation, whose context ends when none of them waits any more. If it
// panics, they panic.
func (c *Client) GetOrCompute(ctx context.Context, key string, compute func(context.Context) ([]byte, error), options ...ComputeOption) (Lookup[[]byte], error) {
	o := collect(options)
	contentType := contentTypeOf(&o)
	a, err := c.getOrCompute(ctx, key, &o, func(ctx context.Context) (payload, error) {
		value, err := compute(ctx)
		return payload{value, contentType}, err
	})
	if err != nil {
		return Lookup[[]byte]{}, err
	}
	a.Value = bytes.Clone(a.Value) // several callers may share it
	if a.Kind == KindHit && a.Value == nil {
		a.Value = []byte{}
	}
	return a.Lookup, nil
}

func (c *Client) getOrCompute(ctx context.Context, key string, o *callOptions, compute computation) (answer, error) {
	if c.config.passThrough {
		return computedAnswer(compute(ctx))
	}
	fill := &filling{client: c, key: key, options: o, compute: c.timed(compute)}
	if a, ok := c.fromNear(key, o); ok {
		fill.considerRefresh(ctx, &a)
		return a, nil
	}
	if err := checkKeys("GetOrCompute", key); err != nil {
		return answer{}, err
	}
	return c.flights.do(ctx, c, key, fill.run)
}

// timed remembers how long computations take, for the early refresh.
func (c *Client) timed(compute computation) computation {
	return func(ctx context.Context) (payload, error) {
		began := c.now()
		result, err := compute(ctx)
		old := c.computing.Load()
		c.computing.Store(old + (int64(c.now()-began)-old)/smoothedOver)
		return result, err
	}
}

// filling is one GetOrCompute that met no entry in the near cache.
type filling struct {
	client  *Client
	key     string
	options *callOptions
	compute computation
	fence   string  // of the newest miss
	stale   *answer // seen before the computation
}

func (f *filling) run(ctx context.Context) (answer, error) {
	wait := f.options.wait
	if wait <= 0 {
		wait = defaultWait
	}
	giveUp := f.client.now() + wait
	backoff := retry.NewBackoff(askAgain, askAgainMax)
	for {
		a, err := f.ask(ctx, giveUp-f.client.now())
		switch {
		case err != nil && ctx.Err() == nil && isAway(err):
			return f.computeWithoutCache(ctx)
		case err != nil:
			return answer{}, err
		case a.Kind != KindMiss:
			return f.found(ctx, a)
		case a.leaseID != "":
			return f.computeUnderLease(ctx, a.leaseID)
		case a.Reason == MissStoreUnavailable:
			return f.computeAndTry(ctx)
		}
		f.fence = a.Fence
		delay := min(a.retryAfter+backoff.Next(), giveUp-f.client.now())
		if delay <= 0 || !retry.Sleep(ctx, delay) {
			return f.computeBehindFence(ctx)
		}
	}
}

// ask reads the key and asks for the right to fill it. The server lets it wait for half of the deadline at most, so that
// an answer comes before it.
func (f *filling) ask(ctx context.Context, wait time.Duration) (answer, error) {
	wait = max(min(wait, f.client.timeout(f.options.timeout)/2, waitMax), 0)
	read := callOptions{timeout: f.options.timeout, allowStale: f.wantsStale()}
	return f.client.readThrough(ctx, f.key, &read, &leaseAsk{hold: f.options.hold, wait: wait})
}

func (f *filling) wantsStale() bool { return f.servesStale() || f.options.staleIfError }

// servesStale tells whether a stale value is returned at once, while a new one is computed.
func (f *filling) servesStale() bool {
	return f.options.staleWindow != nil && *f.options.staleWindow > 0
}

func (f *filling) found(ctx context.Context, a answer) (answer, error) {
	switch {
	case a.leaseID == "":
		f.considerRefresh(ctx, &a)
		return a, nil
	case f.servesStale():
		f.inBackground(ctx, func(ctx context.Context) error {
			_, err := f.computeUnderLease(ctx, a.leaseID)
			return err
		})
		return a, nil
	}
	if a.Kind != KindMiss && f.options.staleIfError {
		f.stale = &a
	}
	return f.computeUnderLease(ctx, a.leaseID)
}

// computeUnderLease fills the key, or hands the right to do so back.
func (f *filling) computeUnderLease(ctx context.Context, leaseID string) (answer, error) {
	settled := false
	defer func() { // also if the computation panics
		if !settled {
			f.release(ctx, leaseID)
		}
	}()
	a, err := computedAnswer(f.compute(ctx))
	if err != nil && f.stale != nil {
		f.client.tellBackground(err)
		return *f.stale, nil
	}
	if err != nil {
		return answer{}, err
	}
	a, settled = f.keep(ctx, a, leaseCondition(leaseID))
	return a, nil
}

// computeBehindFence is for callers who waited in vain: what they compute is kept only if nothing changed since they
// last asked.
func (f *filling) computeBehindFence(ctx context.Context) (answer, error) {
	if ctx.Err() != nil {
		return answer{}, contextError("GetOrCompute", ctx)
	}
	a, err := computedAnswer(f.compute(ctx))
	if err == nil && f.fence != "" {
		a, _ = f.keep(ctx, a, fenceCondition(f.fence))
	}
	return a, err
}

// computeWithoutCache is for when no answer comes. Deliberate: nothing is kept, because nothing would refuse a value
// that became old while it was computed.
func (f *filling) computeWithoutCache(ctx context.Context) (answer, error) {
	return computedAnswer(f.compute(ctx))
}

// computeAndTry is for when a server answers whose store is away, in a namespace that wants misses then. There is no
// fence that could refuse the value: the server keeps it for a short time by itself, or refuses it.
func (f *filling) computeAndTry(ctx context.Context) (answer, error) {
	a, err := computedAnswer(f.compute(ctx))
	if err == nil {
		a, _ = f.keep(ctx, a, nil)
	}
	return a, err
}

// keep stores what was computed and returns it, stored or not. settled is false if a lease should be handed back.
func (f *filling) keep(ctx context.Context, a answer, condition *reprisev1.Condition) (kept answer, settled bool) {
	if a.Kind == KindNegative && f.options.negativeTTL == nil {
		return a, false
	}
	call := rpc{op: "Set", timeout: f.options.timeout}
	request := f.setRequest(a, condition)
	if condition == nil { // only then a server whose store is away may keep it by itself
		call.tries, request.RequestId = 1, ""
	}
	ctx, cancel := f.client.detach(ctx) // the caller may have left, but the value is there
	defer cancel()
	stored, err := f.client.store(ctx, request, call)
	if err != nil {
		f.client.tellBackground(err)
		return a, isAway(err)
	}
	if stored.Stored {
		a.Revision, a.FreshFor, a.KeepFor, a.ExpireTime = stored.Revision, stored.FreshFor, stored.KeepFor, stored.ExpireTime
	}
	return a, true
}

func (f *filling) setRequest(a answer, condition *reprisev1.Condition) *reprisev1.SetRequest {
	request := f.client.setRequest(f.key, f.options)
	request.Condition = condition
	if a.Kind == KindNegative {
		request.Content = &reprisev1.SetRequest_Negative{Negative: empty}
		request.Ttl, request.StaleWindow = durationOf(f.options.negativeTTL), nil
		return request
	}
	request.Content, request.ContentType = &reprisev1.SetRequest_Value{Value: a.Value}, a.ContentType
	if f.options.staleWindow == nil && f.options.staleIfErrorWindow > 0 {
		request.StaleWindow = durationOf(&f.options.staleIfErrorWindow)
	}
	return request
}

// release hands the lease back, so that the next waiter is asked at once. If that fails the lease ends by itself.
func (f *filling) release(ctx context.Context, leaseID string) {
	ctx, cancel := f.client.detach(ctx)
	defer cancel()
	request := &reprisev1.ReleaseLeaseRequest{Namespace: f.client.config.namespace, Key: f.key, LeaseId: leaseID}
	_ = f.client.invoke(ctx, rpc{op: "ReleaseLease"}, func(ctx context.Context, extra ...grpc.CallOption) error {
		_, err := f.client.cache.ReleaseLease(ctx, request, extra...)
		return err
	})
}

// computedAnswer is what a caller gets of a computation.
func computedAnswer(result payload, err error) (answer, error) {
	a := answer{}
	a.Computed = true
	if errors.Is(err, ErrNothing) {
		a.Kind = KindNegative
		return a, nil
	}
	if err != nil {
		return answer{}, err
	}
	a.Kind, a.Value, a.ContentType = KindHit, result.value, result.contentType
	return a, nil
}

// considerRefresh computes anew in the background, sometimes, when a hit is near its end: within the last tenth of the
// TTL, with a probability that grows to 1. After Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache
// Stampede Prevention", VLDB 2015, section 3; changed: the scale is never below a third of that tenth, so that cheap
// computations are refreshed early too.
func (f *filling) considerRefresh(ctx context.Context, a *answer) {
	o := f.options
	if o.noEarlyRefresh || o.ttl == nil || a.Kind != KindHit || a.Stale || a.Revision == "" || a.FreshFor > *o.ttl/10 {
		return
	}
	scale := max(float64(f.client.computing.Load()), float64(*o.ttl)/30)
	if -scale*math.Log(1-f.client.random()) < float64(a.FreshFor) || !f.client.flights.beginRefresh(f.key) {
		return
	}
	revision := a.Revision
	f.inBackground(ctx, func(ctx context.Context) error {
		defer f.client.flights.endRefresh(f.key)
		return f.refresh(ctx, revision)
	})
}

// refresh computes a value while the old one is fresh. A batch of one key returns the moment of the read as a token:
// nothing that changed since is overwritten.
func (f *filling) refresh(ctx context.Context, revision string) error {
	found, fence, err := f.client.readMany(ctx, []string{f.key}, &callOptions{timeout: f.options.timeout})
	if err != nil {
		return err
	}
	if fence == "" || found[0].err != nil || found[0].answer.Revision != revision {
		return found[0].err // somebody was faster
	}
	a, err := computedAnswer(f.compute(ctx))
	if err == nil {
		f.keep(ctx, a, fenceCondition(fence))
	}
	return err
}

// inBackground runs a computation that no caller waits for, for as long as a lease is held.
func (f *filling) inBackground(ctx context.Context, work func(context.Context) error) {
	hold := f.options.hold
	if hold <= 0 {
		hold = defaultHold
	}
	detached, cancel := f.client.detach(ctx)
	go func() {
		defer cancel()
		ctx, stop := context.WithTimeout(detached, hold)
		defer stop()
		defer func() {
			if value := recover(); value != nil {
				f.client.tellBackground(fmt.Errorf("reprise: the computation panicked: %v", value))
			}
		}()
		if err := work(ctx); err != nil && f.client.life.Err() == nil {
			f.client.tellBackground(err)
		}
	}()
}

func (c *Client) tellBackground(err error) {
	if c.config.onBackgroundError != nil {
		c.config.onBackgroundError(err)
	}
}
