package near

import "maps"

// Cause says why an entry was dropped.
type Cause string

const (
	// CauseKey is a change of the key itself.
	CauseKey Cause = "key"
	// CauseWide is a change by tag, prefix or namespace.
	CauseWide Cause = "wide"
	// CauseEpoch is a new epoch.
	CauseEpoch Cause = "epoch"
	// CauseReset is a stream that may have missed changes.
	CauseReset Cause = "reset"
	// CauseOwn is a change of this client.
	CauseOwn Cause = "own"
	// CauseExpired is the end of the entry's time.
	CauseExpired Cause = "expired"
)

// Stats are the figures of a near cache.
type Stats struct {
	// Hits were served from memory; Misses were read through.
	Hits, Misses uint64
	// Entries and Bytes are what is kept now.
	Entries int
	Bytes   int64
	// Evictions left to make room.
	Evictions uint64
	// Drops left because they were or might be wrong, or too old, by cause.
	Drops map[Cause]uint64
	// Resets of the stream, Proofs of its being up to date.
	Resets, Proofs uint64
	// RefusedInserts were read but not kept, because something changed meanwhile or they may not be kept at all.
	RefusedInserts uint64
	// Serving is true if a fresh entry would be served now.
	Serving bool
}

func (s Stats) clone() Stats {
	s.Drops = maps.Clone(s.Drops)
	return s
}
