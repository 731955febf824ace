// Package near keeps entries in the memory of a client process, and serves them only while it is proven that the
// stream of changes has told of everything that could have made them wrong.
//
// Nothing in it waits, calls or reads a clock of its own: the client feeds it with what the stream and the server say.
package near

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// DefaultEntriesMax bounds the entries where the caller names no bound.
	DefaultEntriesMax = 10_000
	// DefaultBytesMax bounds the bytes where the caller names no bound.
	DefaultBytesMax = 64 << 20
	// DefaultMaxLag is the longest time since the proof where the caller names none.
	DefaultMaxLag = time.Second

	overheadBytes = 128
	shardCount    = 16 // a power of two
	flightMax     = 1000
	never         = time.Duration(-1)
)

// Options bound a near cache. Zero values mean the defaults; MaxStaleness is 0 by default.
type Options struct {
	// MaxLag is how long after the proof an entry may be served.
	MaxLag time.Duration
	// MaxStaleness is how much longer it may be served after the stream broke.
	MaxStaleness time.Duration
	// EntriesMax bounds the entries.
	EntriesMax int
	// BytesMax bounds their bytes: encoded value, key, tags and 128 for each.
	BytesMax int64
	// Prefixes limits the keys that are kept. Empty: all.
	Prefixes []string
	// ShareDecoded keeps decoded values beside the encoded ones.
	ShareDecoded bool
}

// Cache is a near cache. All methods are safe for concurrent use; Get takes one short lock of one shard.
type Cache struct {
	options Options
	now     func() time.Duration
	seed    maphash.Seed
	shards  [shardCount]shard

	// Until when anything may be served: written under mu, read without it.
	serveUntil atomic.Int64

	mu      sync.Mutex // taken before a shard's lock, never after it
	tags    map[string]map[*Entry]struct{}
	entries int
	bytes   int64
	token   string
	log     changeLog
	proof   proof
	stats   Stats
}

// New returns an empty near cache. now must be monotonic.
func New(options Options, now func() time.Duration) *Cache {
	c := &Cache{options: withDefaults(options), now: now, seed: maphash.MakeSeed(), tags: map[string]map[*Entry]struct{}{}}
	for i := range c.shards {
		c.shards[i].entries = map[string]*Entry{}
	}
	c.stats.Drops = map[Cause]uint64{}
	c.proof = proof{maxLag: c.options.MaxLag, maxStaleness: c.options.MaxStaleness, proven: never, brokenAt: 0, broken: true}
	c.serveUntil.Store(int64(never))
	return c
}

func withDefaults(o Options) Options {
	if o.MaxLag <= 0 {
		o.MaxLag = DefaultMaxLag
	}
	if o.EntriesMax <= 0 {
		o.EntriesMax = DefaultEntriesMax
	}
	if o.BytesMax <= 0 {
		o.BytesMax = DefaultBytesMax
	}
	return o
}

// Options returns the options in force.
func (c *Cache) Options() Options { return c.options }

// Get returns the entry under a key if it may be served now, and how long it stays fresh.
func (c *Cache) Get(key string) (*Entry, time.Duration) {
	now := c.now()
	s := c.shard(key)
	s.mu.Lock()
	e := s.entries[key]
	if e == nil || now >= e.freshUntil || int64(now) > c.serveUntil.Load() {
		s.misses++
		s.mu.Unlock()
		return nil, 0
	}
	s.hits++
	e.used = now
	s.list.toFront(e)
	left := e.freshUntil - now
	s.mu.Unlock()
	return e, left
}

// Serving tells whether a fresh entry would be served now.
func (c *Cache) Serving() bool { return int64(c.now()) <= c.serveUntil.Load() }

// Stats returns the figures since the beginning.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	stats := c.stats.clone()
	stats.Entries, stats.Bytes, stats.Serving = c.entries, c.bytes, c.Serving()
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		stats.Hits, stats.Misses = stats.Hits+s.hits, stats.Misses+s.misses
		s.mu.Unlock()
	}
	return stats
}

func (c *Cache) shard(key string) *shard {
	return &c.shards[maphash.String(c.seed, key)&(shardCount-1)]
}
