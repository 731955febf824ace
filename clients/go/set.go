package reprise

import (
	"context"
	"time"

	"google.golang.org/grpc"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
)

// Set writes an entry of bytes. A condition that does not hold is a result.
func (c *Client) Set(ctx context.Context, key string, value []byte, options ...SetOption) (SetResult, error) {
	o := collect(options)
	return c.set(ctx, key, value, &o)
}

func (c *Client) set(ctx context.Context, key string, value []byte, o *callOptions) (SetResult, error) {
	request := c.setRequest(key, o)
	request.Content = &reprisev1.SetRequest_Value{Value: value}
	request.ContentType = contentTypeOf(o)
	return c.store(ctx, request, rpc{op: "Set", timeout: o.timeout})
}

// SetNegative remembers that the source has nothing under a key, for 60 s at most.
func (c *Client) SetNegative(ctx context.Context, key string, options ...SetOption) (SetResult, error) {
	o := collect(options)
	return c.setNegative(ctx, key, &o)
}

func (c *Client) setNegative(ctx context.Context, key string, o *callOptions) (SetResult, error) {
	request := c.setRequest(key, o)
	request.Content = &reprisev1.SetRequest_Negative{Negative: empty}
	return c.store(ctx, request, rpc{op: "SetNegative", timeout: o.timeout})
}

func (c *Client) setRequest(key string, o *callOptions) *reprisev1.SetRequest {
	return &reprisev1.SetRequest{
		Namespace: c.config.namespace, Key: key, Tags: o.tags, Ttl: durationOf(o.ttl),
		StaleWindow: durationOf(o.staleWindow), Condition: o.condition, RequestId: randomHex(16),
	}
}

func contentTypeOf(o *callOptions) string {
	if o.contentType != nil {
		return *o.contentType
	}
	return Raw.ContentType()
}

func (c *Client) store(ctx context.Context, request *reprisev1.SetRequest, call rpc) (result SetResult, err error) {
	err = c.change(ctx, call, []string{request.Key}, func(ctx context.Context, extra ...grpc.CallOption) (string, error) {
		sent := c.now()
		response, err := c.cache.Set(ctx, request, extra...)
		if stored := response.GetStored(); stored != nil {
			result = storedResult(stored, c.now()-sent)
		} else {
			result = notStoredResult(response.GetNotStored())
		}
		return result.Token, err
	})
	if c.config.passThrough || err != nil {
		result = SetResult{PassThrough: err == nil}
	}
	return result, err
}

// Delete removes an entry. It is a change even if there was none.
func (c *Client) Delete(ctx context.Context, key string, options ...DeleteOption) (DeleteResult, error) {
	o := collect(options)
	request := &reprisev1.DeleteRequest{Namespace: c.config.namespace, Key: key, RequestId: randomHex(16)}
	result := DeleteResult{PassThrough: c.config.passThrough}
	err := c.change(ctx, rpc{op: "Delete", timeout: o.timeout}, []string{key}, func(ctx context.Context, extra ...grpc.CallOption) (string, error) {
		response, err := c.cache.Delete(ctx, request, extra...)
		result.Existed, result.Token = response.GetExisted(), response.GetToken()
		return result.Token, err
	})
	return result, err
}

// Touch gives a fresh entry a new lifetime.
func (c *Client) Touch(ctx context.Context, key string, options ...TouchOption) (TouchResult, error) {
	o := collect(options)
	request := &reprisev1.TouchRequest{
		Namespace: c.config.namespace, Key: key, Ttl: durationOf(o.ttl), StaleWindow: durationOf(o.staleWindow),
		RequestId: randomHex(16),
	}
	result := TouchResult{PassThrough: c.config.passThrough}
	err := c.change(ctx, rpc{op: "Touch", timeout: o.timeout}, []string{key}, func(ctx context.Context, extra ...grpc.CallOption) (string, error) {
		sent := c.now()
		response, err := c.cache.Touch(ctx, request, extra...)
		result = touchResult(response, c.now()-sent)
		return result.Token, err
	})
	return result, err
}

func touchResult(response *reprisev1.TouchResponse, spent time.Duration) TouchResult {
	if t := response.GetTouched(); t != nil {
		return TouchResult{
			Touched: true, Revision: t.GetRevision(), Token: t.GetToken(), FreshFor: left(t.GetFreshFor(), spent),
			KeepFor: left(t.GetKeepFor(), spent), ExpireTime: t.GetExpireTime().AsTime(),
		}
	}
	n := response.GetNotTouched()
	return TouchResult{Token: n.GetToken(), Contended: n.GetContended()}
}

// Increment adds to a counter, a decimal int64 in text; a negative delta subtracts. Overflow and a value that is no
// counter are results.
func (c *Client) Increment(ctx context.Context, key string, delta int64, options ...IncrementOption) (IncrementResult, error) {
	o := collect(options)
	request := &reprisev1.IncrementRequest{
		Namespace: c.config.namespace, Key: key, Delta: delta, Initial: o.initial, Ttl: durationOf(o.ttl),
		RequestId: randomHex(16),
	}
	result := IncrementResult{PassThrough: c.config.passThrough}
	err := c.change(ctx, rpc{op: "Increment", timeout: o.timeout}, []string{key}, func(ctx context.Context, extra ...grpc.CallOption) (string, error) {
		sent := c.now()
		response, err := c.cache.Increment(ctx, request, extra...)
		result = incrementResult(response, c.now()-sent)
		return result.Token, err
	})
	return result, err
}

func incrementResult(response *reprisev1.IncrementResponse, spent time.Duration) IncrementResult {
	if i := response.GetIncremented(); i != nil {
		return IncrementResult{
			Incremented: true, Value: i.GetValue(), Revision: i.GetRevision(), Token: i.GetToken(),
			FreshFor: left(i.GetFreshFor(), spent), KeepFor: left(i.GetKeepFor(), spent), ExpireTime: i.GetExpireTime().AsTime(),
		}
	}
	n := response.GetNotIncremented()
	reason := NotIncrementedReason(shortName(n.GetReason().String(), "NOT_INCREMENTED_REASON_"))
	return IncrementResult{Reason: reason, Revision: n.GetRevision()}
}

// change makes a call that changes keys. Its own reads are never older: the near cache drops the keys before and after,
// newer reads join no older computation, and the token goes with them for a while.
func (c *Client) change(ctx context.Context, call rpc, keys []string, try func(context.Context, ...grpc.CallOption) (token string, err error)) error {
	if c.config.passThrough {
		return nil
	}
	if err := checkKeys(call.op, keys...); err != nil {
		return err
	}
	call.change = true
	changes := keyChanges(keys)
	c.ownChange(changes)
	sent, token := c.now(), ""
	err := c.invoke(ctx, call, func(ctx context.Context, extra ...grpc.CallOption) (err error) {
		token, err = try(ctx, extra...)
		return err
	})
	if err == nil {
		for _, key := range keys {
			c.tokens.Wrote(key, token, sent)
		}
	}
	c.ownChange(changes)
	return err
}

func (c *Client) ownChange(changes []near.Change) {
	if c.near != nil {
		c.near.cache.Own(changes...)
	}
	c.flights.forget(changes)
}

func keyChanges(keys []string) []near.Change {
	changes := make([]near.Change, len(keys))
	for i, key := range keys {
		changes[i] = near.Change{Target: near.TargetKey, Name: key}
	}
	return changes
}
