package reprise

import (
	"context"
	"time"

	"google.golang.org/grpc"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
	"reprise.dev/go/internal/session"
)

// WaitFor is how far an invalidation must have come before it is answered.
type WaitFor uint8

const (
	// WaitAccepted says that the store has it.
	WaitAccepted WaitFor = WaitFor(reprisev1.WaitFor_WAIT_FOR_ACCEPTED)
	// WaitNodes says that every node has applied it, or serves nothing from its memory.
	WaitNodes WaitFor = WaitFor(reprisev1.WaitFor_WAIT_FOR_NODES)
	// WaitStreams says that every node has told its subscribers too.
	WaitStreams WaitFor = WaitFor(reprisev1.WaitFor_WAIT_FOR_STREAMS)
)

// NodeState is how far a node has come with an invalidation.
type NodeState string

// The states of a node.
const (
	// NodeApplied says that it serves nothing older any more.
	NodeApplied NodeState = "APPLIED"
	// NodeStreamed says that its subscribers were told too.
	NodeStreamed NodeState = "STREAMED"
	// NodeSilent says that it was silent for so long that it serves nothing older.
	NodeSilent NodeState = "SILENT"
	// NodeBehind says that the deadline came first: it may still serve what is older, for at most its --max-lag.
	NodeBehind NodeState = "BEHIND"
)

// NodeReceipt is how far one node has come with an invalidation.
type NodeReceipt struct {
	// Node is its name. Empty for nodes that may be there.
	Node string
	// State is how far it has come.
	State NodeState
	// SilentFor is how long ago the store last heard of it. Negative if it has not.
	SilentFor time.Duration
}

// InvalidateResult is the outcome of an invalidation.
type InvalidateResult struct {
	// Invalidated is true if the invalidation is in force.
	Invalidated bool
	// Token of the change: a read that carries it sees nothing that was invalidated. Empty if it was deferred.
	Token string
	// Deferred is true if one node keeps the invalidation and makes it later.
	Deferred bool
	// Receipt is how far every node has come, for [WaitNodes] and [WaitStreams].
	Receipt []NodeReceipt
	// Counted is true for a [DryRun].
	Counted bool
	// Affected is how many entries a dry run found, or were counted until it was refused.
	Affected uint64
	// Precision says whether Affected is "EXACT", or "AT_LEAST" because the deadline ended the count.
	Precision string
	// Refused is why nothing was invalidated: "TOO_MANY_AFFECTED" or "COUNT_INCOMPLETE". Empty if it was not refused.
	Refused string
	// PassThrough is true if nothing was done because the client passes through.
	PassThrough bool
}

// InvalidateKeys says that the source of these keys, 1000 at most, has changed. By default their entries are removed.
func (c *Client) InvalidateKeys(ctx context.Context, keys []string, options ...InvalidateOption) (InvalidateResult, error) {
	if err := checkKeys("InvalidateKeys", keys...); err != nil {
		return InvalidateResult{}, err
	}
	request := &reprisev1.InvalidateRequest{Selector: &reprisev1.InvalidateRequest_Keys{Keys: &reprisev1.KeySelector{Keys: keys}}}
	return c.invalidate(ctx, "InvalidateKeys", request, session.Selector{Keys: keys}, keyChanges(keys), options)
}

// InvalidateTags says that the source of all entries that carry any of these tags has changed.
func (c *Client) InvalidateTags(ctx context.Context, tags []string, options ...InvalidateOption) (InvalidateResult, error) {
	if err := checkKeys("InvalidateTags", tags...); err != nil {
		return InvalidateResult{}, err
	}
	changes := make([]near.Change, len(tags))
	for i, tag := range tags {
		changes[i] = near.Change{Target: near.TargetTag, Name: tag}
	}
	request := &reprisev1.InvalidateRequest{Selector: &reprisev1.InvalidateRequest_Tags{Tags: &reprisev1.TagSelector{Tags: tags}}}
	return c.invalidate(ctx, "InvalidateTags", request, session.Selector{}, changes, options)
}

// InvalidatePrefix says that the source of all keys that begin with a scope prefix has changed: one that ends in `:` or
// `/`, at most 8 deep.
func (c *Client) InvalidatePrefix(ctx context.Context, prefix string, options ...InvalidateOption) (InvalidateResult, error) {
	if err := checkKeys("InvalidatePrefix", prefix); err != nil {
		return InvalidateResult{}, err
	}
	request := &reprisev1.InvalidateRequest{Selector: &reprisev1.InvalidateRequest_Prefix{Prefix: prefix}}
	changes := []near.Change{{Target: near.TargetPrefix, Name: prefix}}
	return c.invalidate(ctx, "InvalidatePrefix", request, session.Selector{Prefix: prefix}, changes, options)
}

// InvalidateAll says that the source of everything in the namespace has changed.
func (c *Client) InvalidateAll(ctx context.Context, options ...InvalidateOption) (InvalidateResult, error) {
	request := &reprisev1.InvalidateRequest{Selector: &reprisev1.InvalidateRequest_WholeNamespace{WholeNamespace: empty}}
	return c.invalidate(ctx, "InvalidateAll", request, session.Selector{}, []near.Change{{Target: near.TargetAll}}, options)
}

func (c *Client) invalidate(
	ctx context.Context, op string, request *reprisev1.InvalidateRequest, selector session.Selector, changes []near.Change,
	options []InvalidateOption,
) (InvalidateResult, error) {
	if c.config.passThrough {
		return InvalidateResult{PassThrough: true}, nil
	}
	o := collect(options)
	c.fillInvalidate(request, &o)
	if !o.dryRun {
		c.ownChange(changes)
		defer c.ownChange(changes)
	}
	var result InvalidateResult
	err := c.invoke(ctx, rpc{op: op, change: !o.dryRun, timeout: o.timeout}, func(ctx context.Context, extra ...grpc.CallOption) error {
		response, err := c.changes.Invalidate(ctx, request, extra...)
		result = invalidateResult(response)
		return err
	})
	if err != nil {
		return InvalidateResult{}, err
	}
	c.tokens.Invalidated(selector, result.Token)
	return result, nil
}

func (c *Client) fillInvalidate(request *reprisev1.InvalidateRequest, o *callOptions) {
	request.Namespace, request.RequestId = c.config.namespace, randomHex(16)
	request.Mode = reprisev1.InvalidationMode_INVALIDATION_MODE_REMOVE
	if o.markStale {
		request.Mode = reprisev1.InvalidationMode_INVALIDATION_MODE_MARK_STALE
	}
	request.DryRun, request.AffectedMax, request.Deferred = o.dryRun, o.affectedMax, o.deferred
	request.Wait = reprisev1.WaitFor(o.waitFor)
}

func invalidateResult(response *reprisev1.InvalidateResponse) InvalidateResult {
	switch r := response.GetResult().(type) {
	case *reprisev1.InvalidateResponse_Counted:
		precision := shortName(r.Counted.GetPrecision().String(), "COUNT_PRECISION_")
		return InvalidateResult{Counted: true, Affected: r.Counted.GetAffected(), Precision: precision}
	case *reprisev1.InvalidateResponse_Refused:
		reason := shortName(r.Refused.GetReason().String(), "REFUSED_REASON_")
		return InvalidateResult{Refused: reason, Affected: r.Refused.GetAffected()}
	}
	done := response.GetInvalidated()
	result := InvalidateResult{Invalidated: done != nil, Token: done.GetToken(), Deferred: done.GetDeferred()}
	for _, node := range done.GetReceipt().GetNodes() {
		receipt := NodeReceipt{Node: node.GetNode(), State: NodeState(shortName(node.GetState().String(), "NODE_STATE_")), SilentFor: -1}
		if node.GetSilentFor() != nil {
			receipt.SilentFor = node.GetSilentFor().AsDuration()
		}
		result.Receipt = append(result.Receipt, receipt)
	}
	return result
}
