package reprise

import "time"

// Kind is what a read found.
type Kind uint8

const (
	// KindMiss says that the cache has nothing.
	KindMiss Kind = iota
	// KindHit says that there is a value, which may be nil, zero or empty.
	KindHit
	// KindNegative says that the source of the data has nothing under the key.
	KindNegative
	// KindNotModified says that the entry still has the revision that [IfRevisionNot] named.
	KindNotModified
)

// String returns "miss", "hit", "negative" or "not modified".
func (k Kind) String() string {
	switch k {
	case KindHit:
		return "hit"
	case KindNegative:
		return "negative"
	case KindNotModified:
		return "not modified"
	default:
		return "miss"
	}
}

// MissReason is why a read missed, as far as the store remembers.
type MissReason string

// The reasons of a miss.
const (
	// MissUnknown says that the store knows nothing of the key.
	MissUnknown MissReason = "UNKNOWN"
	// MissExpired says that the entry's time was over.
	MissExpired MissReason = "EXPIRED"
	// MissEvicted says that the entry left to make room.
	MissEvicted MissReason = "EVICTED"
	// MissInvalidated says that an invalidation covered the entry.
	MissInvalidated MissReason = "INVALIDATED"
	// MissDeleted says that a caller deleted the entry.
	MissDeleted MissReason = "DELETED"
	// MissStoreUnavailable says that the store could not be asked, in a namespace that wants a miss then.
	MissStoreUnavailable MissReason = "STORE_UNAVAILABLE"
	// MissPassThrough says that the client was told to pass through.
	MissPassThrough MissReason = "PASS_THROUGH"
)

// Lookup is what a read found. Only fields of its Kind are set.
type Lookup[T any] struct {
	// Kind says which of the answers this is.
	Kind Kind
	// Value is that of a hit. What a Client returns belongs to the caller.
	Value T
	// ContentType is the type of the bytes that the value came from.
	ContentType string
	// Revision names the change that made the entry. Compare for equality only. Empty for what GetOrCompute computed
	// without keeping it.
	Revision string
	// Stale is true if the entry is past its TTL, or was marked stale.
	Stale bool
	// Unverified is true if the store could not be asked: the entry may be older than any bound.
	Unverified bool
	// Computed is true if GetOrCompute computed the value in this call, or shared such a computation.
	Computed bool
	// FreshFor is the time left until the entry is stale, counted from when the call returned.
	FreshFor time.Duration
	// KeepFor is the time left until the entry is gone.
	KeepFor time.Duration
	// ExpireTime is when the entry is stale by the store's clock. For people.
	ExpireTime time.Time
	// Tags are the entry's, with [IncludeTags] only.
	Tags []string
	// Reason is why a read missed.
	Reason MissReason
	// Fence is given to a miss: a Set with [IfFence] is refused if anything that covers the key changed since.
	Fence string
}

// Hit tells whether there is a value.
func (l Lookup[T]) Hit() bool { return l.Kind == KindHit }

// ValueOr returns the value of a hit, and the default for all else.
func (l Lookup[T]) ValueOr(otherwise T) T {
	if l.Kind == KindHit {
		return l.Value
	}
	return otherwise
}

// withValue returns the lookup with a value of another type.
func withValue[T, U any](l Lookup[U], value T) Lookup[T] {
	return Lookup[T]{
		Kind: l.Kind, Value: value, ContentType: l.ContentType, Revision: l.Revision, Stale: l.Stale,
		Unverified: l.Unverified, Computed: l.Computed, FreshFor: l.FreshFor, KeepFor: l.KeepFor,
		ExpireTime: l.ExpireTime, Tags: l.Tags, Reason: l.Reason, Fence: l.Fence,
	}
}
