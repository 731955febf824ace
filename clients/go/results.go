package reprise

import "time"

// NotStoredReason is why a Set was not applied.
type NotStoredReason string

// The reasons of a Set that was not applied.
const (
	// NotStoredPresent says that [IfAbsent] was asked for and there is a fresh entry.
	NotStoredPresent NotStoredReason = "PRESENT"
	// NotStoredAbsent says that [IfPresent] was asked for and there is no fresh entry.
	NotStoredAbsent NotStoredReason = "ABSENT"
	// NotStoredRevisionMismatch says that the entry has another revision, or that there is none.
	NotStoredRevisionMismatch NotStoredReason = "REVISION_MISMATCH"
	// NotStoredLeaseVoid says that the lease ended or was voided by a change.
	NotStoredLeaseVoid NotStoredReason = "LEASE_VOID"
	// NotStoredFenceOvertaken says that something that covers the key changed since the fence.
	NotStoredFenceOvertaken NotStoredReason = "FENCE_OVERTAKEN"
	// NotStoredContended says that other writers changed the key again and again.
	NotStoredContended NotStoredReason = "CONTENDED"
)

// SetResult is the outcome of a Set.
type SetResult struct {
	// Stored is false if a condition did not hold, or if the client passes through.
	Stored bool
	// Reason is why nothing was stored.
	Reason NotStoredReason
	// Revision is the new one, or that of the entry that was in the way.
	Revision string
	// Token of the change: a read that carries it sees this write or something newer.
	Token string
	// FreshFor is the time until the entry is stale, after jitter.
	FreshFor time.Duration
	// KeepFor is the time until it is gone.
	KeepFor time.Duration
	// ExpireTime is when it is stale by the store's clock. For people.
	ExpireTime time.Time
	// Local is true if only one node keeps the entry, because the store could not be reached.
	Local bool
	// PassThrough is true if nothing was done because the client passes through.
	PassThrough bool
}

// DeleteResult is the outcome of a Delete.
type DeleteResult struct {
	// Existed is true if an entry, fresh or stale, was removed.
	Existed bool
	// Token of the change, also if there was nothing to remove.
	Token string
	// PassThrough is true if nothing was done because the client passes through.
	PassThrough bool
}

// TouchResult is the outcome of a Touch.
type TouchResult struct {
	// Touched is false if there was no fresh entry.
	Touched bool
	// Contended is true if other writers changed the key again and again; then there was no change and no token.
	Contended bool
	// Revision is the new one: a touch is a change.
	Revision string
	// Token of the change.
	Token string
	// FreshFor is the time until the entry is stale.
	FreshFor time.Duration
	// KeepFor is the time until it is gone.
	KeepFor time.Duration
	// ExpireTime is when it is stale by the store's clock. For people.
	ExpireTime time.Time
	// PassThrough is true if nothing was done because the client passes through.
	PassThrough bool
}

// NotIncrementedReason is why a counter was not changed.
type NotIncrementedReason string

// The reasons of a counter that was not changed.
const (
	// NotIncrementedOverflow says that the sum does not fit into an int64.
	NotIncrementedOverflow NotIncrementedReason = "OVERFLOW"
	// NotIncrementedNotACounter says that the value is not a decimal int64.
	NotIncrementedNotACounter NotIncrementedReason = "NOT_A_COUNTER"
	// NotIncrementedContended says that other writers changed the key again and again.
	NotIncrementedContended NotIncrementedReason = "CONTENDED"
)

// IncrementResult is the outcome of an Increment.
type IncrementResult struct {
	// Incremented is false if the counter was not changed.
	Incremented bool
	// Value is the counter after the change.
	Value int64
	// Reason is why it was not changed.
	Reason NotIncrementedReason
	// Revision is that of the entry.
	Revision string
	// Token of the change.
	Token string
	// FreshFor is the time until the entry is stale.
	FreshFor time.Duration
	// KeepFor is the time until it is gone.
	KeepFor time.Duration
	// ExpireTime is when it is stale by the store's clock. For people.
	ExpireTime time.Time
	// PassThrough is true if nothing was done because the client passes through.
	PassThrough bool
}

// ExistsResult is the outcome of an Exists.
type ExistsResult struct {
	// Exists is true if a Get would hit.
	Exists bool
	// Negative is true if that hit would be negative.
	Negative bool
}

// GetItem is the outcome for one key of a GetMany.
type GetItem[T any] struct {
	// Key is the key.
	Key string
	// Lookup is what was found.
	Lookup[T]
	// Err is why the key could not be read.
	Err error
}

// SetItem is one entry of a SetMany. [Item] and [NegativeItem] make it.
type SetItem[T any] struct {
	// Key is the key.
	Key string
	// Value is what to store.
	Value T
	// Negative stores that the source has nothing here, instead of the value.
	Negative bool
	// Options are those of this item.
	Options []SetOption
}

// Item returns an item of a SetMany.
func Item[T any](key string, value T, options ...SetOption) SetItem[T] {
	return SetItem[T]{Key: key, Value: value, Options: options}
}

// NegativeItem returns an item of a SetMany which says that the source has nothing under the key.
func NegativeItem[T any](key string, options ...SetOption) SetItem[T] {
	return SetItem[T]{Key: key, Negative: true, Options: options}
}

// SetItemResult is the outcome for one item of a SetMany.
type SetItemResult struct {
	// Key is the key.
	Key string
	// SetResult is the outcome. Its token is that of the whole batch.
	SetResult
	// Err is why the item could not be written.
	Err error
}

// DeleteItemResult is the outcome for one key of a DeleteMany.
type DeleteItemResult struct {
	// Key is the key.
	Key string
	// DeleteResult is the outcome. Its token is that of the whole batch.
	DeleteResult
	// Err is why the key could not be deleted.
	Err error
}
