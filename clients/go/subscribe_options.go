package reprise

import (
	"time"

	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

// SubscribeOption is an option of [Client.Subscribe]. Of prefixes, tags and keys a change matches if any does; without
// them every change matches.
type SubscribeOption func(*subscribeConfig)

type subscribeConfig struct {
	request   *reprisev1.SubscribeRequest
	onState   func(StreamState)
	bufferMax int
}

// OnlyPrefixes wants keys that begin with one of these scope prefixes, 100 at most.
func OnlyPrefixes(prefixes ...string) SubscribeOption {
	return func(c *subscribeConfig) { c.request.Prefixes = append(c.request.Prefixes, prefixes...) }
}

// OnlyTags wants entries that carry one of these tags before or after the change, 100 at most.
func OnlyTags(tags ...string) SubscribeOption {
	return func(c *subscribeConfig) { c.request.Tags = append(c.request.Tags, tags...) }
}

// OnlyKeys wants these keys, 1000 at most.
func OnlyKeys(keys ...string) SubscribeOption {
	return func(c *subscribeConfig) { c.request.Keys = append(c.request.Keys, keys...) }
}

// OnlyCauses wants changes with one of these causes. An unknown one ends the subscription with an error.
func OnlyCauses(causes ...Cause) SubscribeOption {
	return func(c *subscribeConfig) {
		for _, cause := range causes {
			number, known := reprisev1.EventCause_value["EVENT_CAUSE_"+string(cause)]
			if !known {
				number = -1 // the server refuses it with CAUSE_UNKNOWN
			}
			c.request.Causes = append(c.request.Causes, reprisev1.EventCause(number))
		}
	}
}

// ResumeAfter goes on after a token: of a subscription, or of any answer of this namespace. Default: the next change.
func ResumeAfter(token string) SubscribeOption {
	return func(c *subscribeConfig) { c.request.ResumeToken = token }
}

// ProgressInterval is how long the stream may go without a token when nothing happens: 100 ms to 60 s, default 1 s.
// After three of them without a message the stream is taken for broken.
func ProgressInterval(d time.Duration) SubscribeOption {
	return func(c *subscribeConfig) { c.request.ProgressInterval = intervalOf(d) }
}

// IncludeOwn wants the changes of this client too.
func IncludeOwn() SubscribeOption {
	return func(c *subscribeConfig) { c.request.IncludeOwn = true }
}

// OnState is told of each new state, in order. It must return soon: the stream waits for it.
func OnState(tell func(StreamState)) SubscribeOption {
	return func(c *subscribeConfig) { c.onState = tell }
}

// BufferMax bounds the changes that wait for the caller to take them. Default 4096. Beyond it they are dropped, and the
// caller gets a Reset with the reason SLOW.
func BufferMax(changes int) SubscribeOption {
	return func(c *subscribeConfig) { c.bufferMax = changes }
}
