package reprise

import (
	"context"
	"time"

	"google.golang.org/grpc"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
)

const proofsPerLag = 4

// nearCache feeds a near cache with what the stream and the proofs of its freshness say.
type nearCache struct {
	client *Client
	cache  *near.Cache
	shares bool // decoded values are kept too
}

func newNearCache(c *Client, options near.Options) *nearCache {
	if options.MaxLag <= 0 {
		options.MaxLag = c.config.maxLag
	}
	return &nearCache{client: c, cache: near.New(options, c.now), shares: options.ShareDecoded}
}

func (n *nearCache) start() {
	n.client.goBackground(n.follow)
	n.client.goBackground(n.prove)
}

func (n *nearCache) follow() {
	f := &follower{
		client: n.client,
		request: &reprisev1.SubscribeRequest{
			Namespace: n.client.config.namespace, Prefixes: n.cache.Options().Prefixes, IncludeOwn: true, Epochs: true,
		},
		take:   n.take,
		broken: func(since time.Duration, _ error) { n.cache.Broken(since) },
	}
	if err := f.run(n.client.life); err != nil {
		n.client.tellBackground(err)
	}
}

func (n *nearCache) take(message *reprisev1.SubscribeResponse) {
	switch e := message.GetEvent().(type) {
	case *reprisev1.SubscribeResponse_Ready:
		n.cache.Connected(e.Ready.GetToken())
	case *reprisev1.SubscribeResponse_Events:
		n.cache.Apply(nearChanges(e.Events.GetEvents()), e.Events.GetToken())
	case *reprisev1.SubscribeResponse_Progress:
		n.cache.Progress(e.Progress.GetToken())
	case *reprisev1.SubscribeResponse_Reset_:
		n.cache.Reset(e.Reset_.GetToken())
	case *reprisev1.SubscribeResponse_GoingAway:
		n.cache.Progress(e.GoingAway.GetToken())
	}
}

func nearChanges(events []*reprisev1.Event) []near.Change {
	changes := make([]near.Change, len(events))
	for i, event := range events {
		changes[i] = nearChange(event)
	}
	return changes
}

func nearChange(event *reprisev1.Event) near.Change {
	change := near.Change{Target: near.TargetAll, Cause: near.CauseWide}
	switch target := event.GetTarget().(type) {
	case *reprisev1.Event_Key:
		change = near.Change{Target: near.TargetKey, Name: target.Key, Cause: near.CauseKey}
		if event.GetCause() == reprisev1.EventCause_EVENT_CAUSE_SET {
			change.SetRevision = event.GetRevision()
		}
	case *reprisev1.Event_Tag:
		change.Target, change.Name = near.TargetTag, target.Tag
	case *reprisev1.Event_Prefix:
		change.Target, change.Name = near.TargetPrefix, target.Prefix
	}
	if event.GetCause() == reprisev1.EventCause_EVENT_CAUSE_EPOCH {
		change = near.Change{Target: near.TargetAll, Cause: near.CauseEpoch}
	}
	return change
}

// prove asks again and again how far the history has come, until the client is closed.
func (n *nearCache) prove() {
	every := time.NewTicker(n.cache.Options().MaxLag / proofsPerLag)
	defer every.Stop()
	for {
		select {
		case <-n.client.life.Done():
			return
		case <-every.C:
			n.proveOnce()
		}
	}
}

func (n *nearCache) proveOnce() {
	streamToken, asked, ok := n.cache.HeadRequest()
	if !ok {
		return
	}
	request := &reprisev1.GetHeadRequest{Namespace: n.client.config.namespace, StreamToken: streamToken, EarlierHead: asked}
	call := rpc{op: "GetHead", timeout: n.cache.Options().MaxLag, tries: 1, untraced: true}
	_ = n.client.invoke(n.client.life, call, func(ctx context.Context, extra ...grpc.CallOption) error {
		sent := n.client.now()
		response, err := n.client.changes.GetHead(ctx, request, extra...)
		if err == nil {
			n.cache.HeadAnswer(sent, asked, response.GetHead(), response.GetAge().AsDuration(), response.GetCovered())
		}
		return err
	})
}

func (n *nearCache) stats() NearCacheStats {
	s := n.cache.Stats()
	drops := make(map[string]uint64, len(s.Drops))
	for cause, count := range s.Drops {
		drops[string(cause)] = count
	}
	return NearCacheStats{
		Hits: s.Hits, Misses: s.Misses, Entries: s.Entries, Bytes: s.Bytes, Evictions: s.Evictions, Drops: drops,
		Resets: s.Resets, Proofs: s.Proofs, RefusedInserts: s.RefusedInserts, Serving: s.Serving,
	}
}
