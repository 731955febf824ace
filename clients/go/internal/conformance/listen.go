package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"reprise.dev/go"
)

const takeDefault = 30 * time.Second

// listener is a subscription with the states that its callback told.
type listener struct {
	*reprise.Subscription
	onlyChanges bool

	mu     sync.Mutex
	states []reprise.StreamState
}

func (d *driver) subscribe(client *opened, c *command) (any, error) {
	l := &listener{onlyChanges: c.View == "changes"}
	options := []reprise.SubscribeOption{
		reprise.OnlyPrefixes(c.Prefixes...), reprise.OnlyTags(c.Tags...), reprise.OnlyKeys(c.Keys...),
		reprise.OnState(l.enter),
	}
	for _, cause := range c.Causes {
		options = append(options, reprise.OnlyCauses(reprise.Cause(cause)))
	}
	if c.IncludeOwn {
		options = append(options, reprise.IncludeOwn())
	}
	if c.ResumeToken != "" {
		options = append(options, reprise.ResumeAfter(c.ResumeToken))
	}
	if c.ProgressIntervalMs != nil {
		options = append(options, reprise.ProgressInterval(duration(c.ProgressIntervalMs)))
	}
	l.Subscription = client.Subscribe(context.Background(), options...)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subscriptions[c.Subscription] = l
	return object{}, nil
}

func (l *listener) enter(state reprise.StreamState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.states = append(l.states, state)
}

func (d *driver) listen(ctx context.Context, c *command) (any, error) {
	d.mu.Lock()
	l := d.subscriptions[c.Subscription]
	d.mu.Unlock()
	switch {
	case l == nil:
		return nil, &fault{Kind: "Usage", Reason: "no such subscription"}
	case c.Do == "take":
		return l.take(ctx, c)
	case c.Do == "unsubscribe":
		l.Close()
		return object{}, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return object{"state": l.State(), "states": slices.Clone(l.states), "token": l.Token()}, nil
}

func (l *listener) take(ctx context.Context, c *command) (any, error) {
	of, count, timeout := c.Of, max(c.Count, 1), takeDefault
	if of == nil {
		of = []string{"event"}
	}
	if c.TimeoutMs != nil {
		timeout = duration(c.TimeoutMs)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var taken []object
	for len(taken) < count {
		message, ok := l.Next(ctx)
		told := l.tell(message)
		if !ok {
			if l.State() != reprise.StreamClosed || ctx.Err() != nil || !slices.Contains(of, "end") {
				return nil, &fault{Kind: "Timeout"}
			}
			return object{"messages": append(taken, l.end())}, nil
		}
		if told != nil && slices.Contains(of, told["kind"].(string)) {
			taken = append(taken, told)
		}
	}
	return object{"messages": taken}, nil
}

func (l *listener) end() object {
	if err := l.Err(); err != nil {
		return object{"kind": "end", "error": faultOf(err)}
	}
	return object{"kind": "end"}
}

// tell returns nil for what the view does not have.
func (l *listener) tell(m reprise.Message) object {
	switch {
	case m.Kind == reprise.MessageChange:
		return event(m.Change)
	case l.onlyChanges:
		return nil
	case m.Kind == reprise.MessageProgress:
		return object{"kind": "progress", "token": m.Token}
	case m.Kind == reprise.MessageReset:
		return object{"kind": "reset", "reason": m.Reset}
	case m.Kind == reprise.MessageState:
		return object{"kind": "state", "state": m.State}
	}
	return nil
}

func event(c reprise.Change) object {
	told := object{"kind": "event", "cause": c.Cause, "revision": c.Revision, "actor": c.Actor}
	if c.Mode != "" {
		told["mode"] = c.Mode
	}
	switch {
	case c.WholeNamespace:
		told["wholeNamespace"] = true
	case c.Tag != "":
		told["tag"] = c.Tag
	case c.Prefix != "":
		told["prefix"] = c.Prefix
	default:
		told["key"] = c.Key
	}
	return told
}
