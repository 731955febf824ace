package reprise

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
	"reprise.dev/go/internal/session"
)

// Get reads one entry as bytes. Concurrent reads with the same options share a call.
func (c *Client) Get(ctx context.Context, key string, options ...GetOption) (Lookup[[]byte], error) {
	a, err := c.get(ctx, key, readOptions(options))
	if err != nil {
		return Lookup[[]byte]{}, err
	}
	if a.entry != nil {
		a.Value = bytes.Clone(a.Value)
	}
	return a.Lookup, nil
}

// noOptions is what a read without options is told. Nobody writes to it: so a hit of the near cache allocates nothing.
var noOptions callOptions

func readOptions(options []GetOption) *callOptions {
	if len(options) == 0 {
		return &noOptions
	}
	o := collect(options)
	return &o
}

// Exists tells whether a Get would hit. It is answered by a server in any case.
func (c *Client) Exists(ctx context.Context, key string, options ...ExistsOption) (ExistsResult, error) {
	o := collect(options)
	if c.config.passThrough {
		return ExistsResult{}, nil
	}
	if err := checkKeys("Exists", key); err != nil {
		return ExistsResult{}, err
	}
	var result ExistsResult
	err := c.withTokens(&o, []string{key}, "", func(consistency *reprisev1.Consistency) error {
		request := &reprisev1.ExistsRequest{Namespace: c.config.namespace, Key: key, Consistency: consistency}
		return c.invoke(ctx, rpc{op: "Exists", timeout: o.timeout}, func(ctx context.Context, extra ...grpc.CallOption) error {
			response, err := c.cache.Exists(ctx, request, extra...)
			result = ExistsResult{Exists: response.GetExists(), Negative: response.GetNegative()}
			return err
		})
	})
	return result, err
}

// get reads one entry: from the near cache, in a batch, or by itself.
func (c *Client) get(ctx context.Context, key string, o *callOptions) (answer, error) {
	if c.config.passThrough {
		return passedThrough(), nil
	}
	if a, ok := c.fromNear(key, o); ok {
		return a, nil
	}
	if err := checkKeys("Get", key); err != nil {
		return answer{}, err
	}
	if c.config.batchWindow > 0 && o.ifRevisionNot == "" {
		return c.batches.get(ctx, key, o)
	}
	return c.readThrough(ctx, key, o, nil)
}

func (c *Client) fromNear(key string, o *callOptions) (answer, bool) {
	if c.near == nil || o.latest || len(o.atLeast) > 0 || o.ifRevisionNot != "" {
		return answer{}, false
	}
	e, freshFor := c.near.cache.Get(key)
	if e == nil {
		return answer{}, false
	}
	a := nearAnswer(e, freshFor)
	if !o.includeTags {
		a.Tags = nil
	}
	return a, true
}

// leaseAsk asks for the right to fill a key.
type leaseAsk struct{ hold, wait time.Duration }

func (l *leaseAsk) request() *reprisev1.LeaseRequest {
	if l == nil {
		return nil
	}
	request := &reprisev1.LeaseRequest{Wait: durationpb.New(l.wait)}
	if l.hold > 0 {
		request.Hold = durationpb.New(l.hold)
	}
	return request
}

// readThrough reads one entry by a call of its own.
func (c *Client) readThrough(ctx context.Context, key string, o *callOptions, lease *leaseAsk) (answer, error) {
	mark := c.beginRead(key)
	var a answer
	err := c.withTokens(o, []string{key}, mark.Token, func(consistency *reprisev1.Consistency) error {
		request := &reprisev1.GetRequest{
			Namespace: c.config.namespace, Key: key, Consistency: consistency, IfRevisionNot: o.ifRevisionNot,
			AllowStale: o.allowStale, Lease: lease.request(), WithTags: o.includeTags || mark.Token != "",
		}
		return c.invoke(ctx, rpc{op: "Get", timeout: o.timeout}, func(ctx context.Context, extra ...grpc.CallOption) error {
			sent := c.now()
			response, err := c.cache.Get(ctx, request, extra...)
			a = getAnswer(response, c.now()-sent)
			return err
		})
	})
	if err != nil {
		return answer{}, err
	}
	return c.keepNear(mark, key, a, o), nil
}

func getAnswer(response *reprisev1.GetResponse, spent time.Duration) answer {
	switch result := response.GetResult().(type) {
	case *reprisev1.GetResponse_Hit:
		return hitAnswer(result.Hit, spent)
	case *reprisev1.GetResponse_NotModified:
		return notModifiedAnswer(result.NotModified, spent)
	}
	return missAnswer(response.GetMiss())
}

func (c *Client) beginRead(key string) near.Mark {
	if c.near == nil {
		return near.Mark{}
	}
	return c.near.cache.Begin(key)
}

// keepNear offers an answer to the near cache, and takes tags off that the caller did not ask for.
func (c *Client) keepNear(mark near.Mark, key string, a answer, o *callOptions) answer {
	if mark.Token != "" && (a.Kind == KindHit || a.Kind == KindNegative) {
		e := &near.Entry{
			Value: a.Value, Negative: a.Kind == KindNegative, ContentType: a.ContentType, Revision: a.Revision, Tags: a.Tags,
			ExpireTime: a.ExpireTime, KeepAfterFresh: a.KeepFor - a.FreshFor,
		}
		if c.near.cache.Keep(mark, key, near.Read{Entry: e, FreshFor: a.FreshFor, Stale: a.Stale, Unverified: a.Unverified}) {
			a.entry = e
		}
	}
	if !o.includeTags {
		a.Tags = nil
	}
	return a
}

// withTokens makes a read with the tokens that concern it. If one is unusable, its history has ended: the client's own
// are dropped, and the read is repeated once without them. Tokens that the caller gave stay.
func (c *Client) withTokens(o *callOptions, keys []string, streamToken string, read func(*reprisev1.Consistency) error) error {
	own, latest := c.tokens.For(keys...)
	if streamToken != "" {
		own = append(own, streamToken)
	}
	err := read(consistencyOf(o, own, latest))
	var failed *Error
	if len(own) > 0 && errors.As(err, &failed) && failed.Reason == "TOKEN_UNUSABLE" {
		c.tokens.Drop()
		err = read(consistencyOf(o, nil, false))
	}
	return err
}

func consistencyOf(o *callOptions, own []string, latest bool) *reprisev1.Consistency {
	tokens := slices.Concat(o.atLeast, own)
	switch {
	case o.latest || latest || len(tokens) > session.TokensMax:
		return &reprisev1.Consistency{Level: &reprisev1.Consistency_Latest{Latest: empty}}
	case len(tokens) > 0:
		return &reprisev1.Consistency{Level: &reprisev1.Consistency_AtLeast{AtLeast: &reprisev1.AtLeast{Tokens: tokens}}}
	}
	return nil
}

// checkKeys refuses what can't even be sent.
func checkKeys(op string, keys ...string) error {
	for _, key := range keys {
		if !utf8.ValidString(key) {
			return invalid(op, "KEY_INVALID", "a key is not UTF-8")
		}
	}
	return nil
}
