package near

import (
	"slices"
	"strings"
	"time"
)

// Mark is where a read began: what the stream tells from then on decides whether its answer may be kept.
type Mark struct {
	// Token is the stream's newest; the read must carry it. Empty if nothing may be kept.
	Token string

	since  uint64
	sentAt time.Duration
}

// Read is an answer that may be kept.
type Read struct {
	// Entry is what was read.
	Entry *Entry
	// FreshFor is the time left, counted from the send.
	FreshFor time.Duration
	// Stale and Unverified are as the server said.
	Stale, Unverified bool
}

// Begin notes that a read of a key is about to be sent.
func (c *Cache) Begin(key string) Mark {
	if !c.wants(key) {
		return Mark{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if e := c.peek(key); e != nil && now >= e.freshUntil {
		c.drop(e, CauseExpired)
	}
	return Mark{Token: c.token, since: c.log.newest, sentAt: now}
}

// Token returns the stream's newest token.
func (c *Cache) Token() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

func (c *Cache) wants(key string) bool {
	return len(c.options.Prefixes) == 0 ||
		slices.ContainsFunc(c.options.Prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
}

// Keep keeps what a read returned unless something since its mark forbids it, and tells whether it did.
func (c *Cache) Keep(mark Mark, key string, read Read) bool {
	if mark.Token == "" {
		return false
	}
	e := read.Entry
	e.key, e.freshUntil = key, mark.sentAt+read.FreshFor
	e.weight = e.weigh()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.mayKeep(mark, read) {
		c.stats.RefusedInserts++
		return false
	}
	c.insert(e)
	return true
}

func (c *Cache) mayKeep(mark Mark, read Read) bool {
	e := read.Entry
	return !read.Stale && !read.Unverified && e.Revision != "" && c.now() < e.freshUntil && e.weight <= c.options.BytesMax &&
		!c.log.forbids(mark.since, e.key, e.Tags, e.Revision)
}

func (c *Cache) insert(e *Entry) {
	if old := c.peek(e.key); old != nil {
		c.remove(old)
	}
	for c.entries+1 > c.options.EntriesMax || c.bytes+e.weight > c.options.BytesMax {
		c.evict()
	}
	s := c.shard(e.key)
	s.mu.Lock()
	e.used = c.now()
	s.entries[e.key] = e
	s.list.toFront(e)
	s.mu.Unlock()
	c.entries, c.bytes = c.entries+1, c.bytes+e.weight
	for _, tag := range e.Tags {
		if c.tags[tag] == nil {
			c.tags[tag] = map[*Entry]struct{}{}
		}
		c.tags[tag][e] = struct{}{}
	}
}

// evict removes the least recently used entry of all shards: of the last ones of each, the one that was used first.
func (c *Cache) evict() {
	var victim *Entry
	var used time.Duration
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		if last := s.list.last; last != nil && (victim == nil || last.used < used) {
			victim, used = last, last.used
		}
		s.mu.Unlock()
	}
	c.remove(victim)
	c.stats.Evictions++
}

func (c *Cache) peek(key string) *Entry {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[key]
}

func (c *Cache) drop(e *Entry, cause Cause) {
	c.remove(e)
	c.stats.Drops[cause]++
}

func (c *Cache) dropMatching(ch Change) {
	for i := range c.shards {
		for _, e := range c.shards[i].matching(ch) {
			c.drop(e, ch.Cause)
		}
	}
}

func (s *shard) matching(ch Change) []*Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*Entry
	for key, e := range s.entries {
		if ch.covers(key, e.Tags) {
			found = append(found, e)
		}
	}
	return found
}

func (c *Cache) remove(e *Entry) {
	s := c.shard(e.key)
	s.mu.Lock()
	delete(s.entries, e.key)
	s.list.remove(e)
	s.mu.Unlock()
	c.entries, c.bytes = c.entries-1, c.bytes-e.weight
	for _, tag := range e.Tags {
		delete(c.tags[tag], e)
		if len(c.tags[tag]) == 0 {
			delete(c.tags, tag)
		}
	}
}
