package reprise

import (
	"time"
	_ "unsafe" // for go:linkname

	"google.golang.org/grpc/keepalive"
)

// gRPC raises shorter intervals between pings to this one.
//
//go:linkname keepaliveMinPingTime google.golang.org/grpc/internal.KeepaliveMinPingTime
var keepaliveMinPingTime time.Duration

// WithKeepalive finds a dead connection sooner.
func WithKeepalive(after, timeout time.Duration) Option {
	keepaliveMinPingTime = after
	return func(c *config) { c.keepalive = keepalive.ClientParameters{Time: after, Timeout: timeout} }
}

// KeepaliveBound is within what time a dead connection is found by default.
func KeepaliveBound() time.Duration { return defaults().keepalive.Time + defaults().keepalive.Timeout }

// WithReopenDelay lets streams come back sooner.
func WithReopenDelay(first time.Duration) Option { return func(c *config) { c.reopenDelay = first } }

// Waiting tells how many callers of GetOrCompute wait for a key.
func (c *Client) Waiting(key string) int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if running := c.flights.running[key]; running != nil {
		return running.waiting
	}
	return 0
}

// Collected tells how many reads wait to share a call.
func (c *Client) Collected() (reads int) {
	c.batches.mu.Lock()
	defer c.batches.mu.Unlock()
	for _, l := range c.batches.lanes {
		if l.open != nil {
			reads += len(l.open.reads)
		}
	}
	return reads
}
