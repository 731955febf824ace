package near

import (
	"sync"
	"sync/atomic"
	"time"
)

// Entry is what is kept under one key. Its fields never change once it is kept.
type Entry struct {
	// Value holds the encoded bytes. Readers must not change them.
	Value []byte
	// Negative is true if the source has nothing under the key.
	Negative bool
	// ContentType is the type of the bytes.
	ContentType string
	// Revision names the change that made the entry.
	Revision string
	// Tags are those of the entry.
	Tags []string
	// ExpireTime is when the entry is stale by the store's clock, for people.
	ExpireTime time.Time
	// KeepAfterFresh is how much longer than fresh the entry lives.
	KeepAfterFresh time.Duration

	key        string
	freshUntil time.Duration
	weight     int64
	decoded    atomic.Pointer[any]

	used       time.Duration // guarded by the shard's lock, as are the links
	next, prev *Entry
}

// Decoded returns what SetDecoded kept, or nil.
func (e *Entry) Decoded() any {
	if value := e.decoded.Load(); value != nil {
		return *value
	}
	return nil
}

// SetDecoded keeps a decoded value for later readers.
func (e *Entry) SetDecoded(value any) { e.decoded.Store(&value) }

func (e *Entry) weigh() int64 {
	weight := int64(len(e.Value)+len(e.key)) + overheadBytes
	for _, tag := range e.Tags {
		weight += int64(len(tag))
	}
	return weight
}

// shard is a part of the entries with a lock of its own, so that readers on several cores seldom meet.
type shard struct {
	mu           sync.Mutex
	entries      map[string]*Entry
	list         recency
	hits, misses uint64
	_            [64]byte // a cache line of its own
}

// recency is a list of entries, the most recently used first.
type recency struct {
	first, last *Entry
}

func (l *recency) toFront(e *Entry) {
	if l.first == e {
		return
	}
	l.remove(e)
	e.next = l.first
	if l.first != nil {
		l.first.prev = e
	}
	l.first = e
	if l.last == nil {
		l.last = e
	}
}

// remove takes an entry out, and does nothing to one that is not in the list.
func (l *recency) remove(e *Entry) {
	if e.prev != nil {
		e.prev.next = e.next
	} else if l.first == e {
		l.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else if l.last == e {
		l.last = e.prev
	}
	e.next, e.prev = nil, nil
}
