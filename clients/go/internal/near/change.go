package near

import (
	"slices"
	"strings"
)

// Target is what a change names.
type Target uint8

const (
	// TargetKey is one key.
	TargetKey Target = iota
	// TargetTag is all entries with a tag.
	TargetTag
	// TargetPrefix is all keys with a prefix.
	TargetPrefix
	// TargetAll is the whole namespace.
	TargetAll
)

// Change is something that makes entries wrong.
type Change struct {
	// Target is what kind of name Name is.
	Target Target
	// Name is the key, tag or prefix; empty for the whole namespace.
	Name string
	// SetRevision is the new revision of a key that was set, and empty for every other change.
	SetRevision string
	// Cause says in the statistics why entries left.
	Cause Cause

	own bool // made by this client itself
}

func (ch *Change) covers(key string, tags []string) bool {
	switch ch.Target {
	case TargetKey:
		return ch.Name == key
	case TargetTag:
		return slices.Contains(tags, ch.Name)
	case TargetPrefix:
		return strings.HasPrefix(key, ch.Name)
	default:
		return true
	}
}

// changeLog is the newest changes, numbered from 1. Reads in flight remember where they began.
type changeLog struct {
	newest  uint64
	changes [flightMax]Change
}

func (l *changeLog) add(ch Change) {
	l.newest++
	l.changes[l.newest%flightMax] = ch
}

// forbids tells whether something since a number makes it unsafe to keep what a read returned.
func (l *changeLog) forbids(since uint64, key string, tags []string, revision string) bool {
	if l.newest-since > flightMax {
		return true
	}
	newestOfKey, told := "", false
	for n := since + 1; n <= l.newest; n++ {
		ch := &l.changes[n%flightMax]
		switch {
		case ch.own && (ch.Target != TargetKey || ch.Name == key):
			return true
		case !ch.covers(key, tags):
		case ch.Target != TargetKey:
			return true
		default:
			newestOfKey, told = ch.SetRevision, true
		}
	}
	return told && newestOfKey != revision
}

// Apply takes changes that the stream told, and the token that stands after them.
func (c *Cache) Apply(changes []Change, token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range changes {
		c.take(ch)
		if ch.Cause == CauseEpoch {
			c.proof.forget()
		}
	}
	c.token = token
	c.refreshServing()
}

// Progress takes a token up to which nothing else happened.
func (c *Cache) Progress(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = token
}

// Reset drops everything, also what is on its way: changes may be missing.
func (c *Cache) Reset(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.take(Change{Target: TargetAll, Cause: CauseReset})
	c.stats.Resets++
	c.proof.forget()
	c.token = token
	c.refreshServing()
}

// Own takes a change of this client itself. Call it when the change is sent, and again when it was answered or failed.
func (c *Cache) Own(changes ...Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range changes {
		ch.own, ch.Cause, ch.SetRevision = true, CauseOwn, ""
		c.take(ch)
	}
}

func (c *Cache) take(ch Change) {
	c.log.add(ch)
	switch ch.Target {
	case TargetKey:
		if e := c.peek(ch.Name); e != nil && (ch.SetRevision == "" || e.Revision != ch.SetRevision) {
			c.drop(e, ch.Cause)
		}
	case TargetTag:
		for e := range c.tags[ch.Name] {
			c.drop(e, ch.Cause)
		}
	default:
		c.dropMatching(ch)
	}
}
