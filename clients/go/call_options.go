package reprise

import (
	"time"

	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

// callOptions is what a call may be told.
type callOptions struct {
	timeout       time.Duration
	atLeast       []string
	latest        bool
	allowStale    bool
	includeTags   bool
	ifRevisionNot string

	ttl, staleWindow, negativeTTL *time.Duration
	contentType                   *string
	tags                          []string
	condition                     *reprisev1.Condition
	initial                       int64

	wait, hold         time.Duration
	staleIfError       bool
	staleIfErrorWindow time.Duration
	noEarlyRefresh     bool

	markStale   bool
	dryRun      bool
	deferred    bool
	affectedMax *uint64
	waitFor     WaitFor
}

type applier interface{ apply(*callOptions) }

// Options are interfaces, one for each call, so that the compiler refuses an option that a call does not know.
type (
	// GetOption is an option of Get and GetMany.
	GetOption interface {
		applier
		forGet()
	}
	// ExistsOption is an option of Exists.
	ExistsOption interface {
		applier
		forExists()
	}
	// SetOption is an option of Set, SetNegative and the items of SetMany.
	SetOption interface {
		applier
		forSet()
	}
	// DeleteOption is an option of Delete, DeleteMany and SetMany.
	DeleteOption interface {
		applier
		forDelete()
	}
	// TouchOption is an option of Touch.
	TouchOption interface {
		applier
		forTouch()
	}
	// IncrementOption is an option of Increment.
	IncrementOption interface {
		applier
		forIncrement()
	}
	// ComputeOption is an option of GetOrCompute.
	ComputeOption interface {
		applier
		forCompute()
	}
	// InvalidateOption is an option of the invalidations.
	InvalidateOption interface {
		applier
		forInvalidate()
	}
)

type option func(*callOptions)

func (o option) apply(c *callOptions) { o(c) }

// CallOption is an option of every call.
type CallOption struct{ option }

func (CallOption) forGet()        {}
func (CallOption) forExists()     {}
func (CallOption) forSet()        {}
func (CallOption) forDelete()     {}
func (CallOption) forTouch()      {}
func (CallOption) forIncrement()  {}
func (CallOption) forCompute()    {}
func (CallOption) forInvalidate() {}

// FreshnessOption is an option of everything that reads.
type FreshnessOption struct{ option }

func (FreshnessOption) forGet()    {}
func (FreshnessOption) forExists() {}

// ReadOption is an option of Get and GetMany alone.
type ReadOption struct{ option }

func (ReadOption) forGet() {}

// LifetimeOption is an option of everything that gives a TTL.
type LifetimeOption struct{ option }

func (LifetimeOption) forSet()       {}
func (LifetimeOption) forTouch()     {}
func (LifetimeOption) forIncrement() {}
func (LifetimeOption) forCompute()   {}

// WindowOption is an option of everything that gives a stale window.
type WindowOption struct{ option }

func (WindowOption) forSet()     {}
func (WindowOption) forTouch()   {}
func (WindowOption) forCompute() {}

// EntryOption is an option of everything that writes a whole entry.
type EntryOption struct{ option }

func (EntryOption) forSet()     {}
func (EntryOption) forCompute() {}

// ConditionOption is a condition of a Set. The last one counts.
type ConditionOption struct{ option }

func (ConditionOption) forSet() {}

// CounterOption is an option of Increment alone.
type CounterOption struct{ option }

func (CounterOption) forIncrement() {}

// FlightOption is an option of GetOrCompute alone.
type FlightOption struct{ option }

func (FlightOption) forCompute() {}

// SelectionOption is an option of the invalidations alone.
type SelectionOption struct{ option }

func (SelectionOption) forInvalidate() {}

// Timeout bounds one call, or each call that GetOrCompute makes. Default: that of the client, 2 s. The context's own
// deadline counts if it is earlier.
func Timeout(d time.Duration) CallOption {
	return CallOption{func(c *callOptions) { c.timeout = d }}
}

// AtLeast serves nothing older than these tokens, of writes, invalidations and misses of the same namespace. More than
// 16 together ask for the latest.
func AtLeast(tokens ...string) FreshnessOption {
	return FreshnessOption{func(c *callOptions) { c.atLeast = append(c.atLeast, tokens...) }}
}

// Latest reads from the store itself.
func Latest() FreshnessOption { return FreshnessOption{func(c *callOptions) { c.latest = true }} }

// AllowStale serves an entry past its TTL too, within its stale window, marked Stale.
func AllowStale() ReadOption { return ReadOption{func(c *callOptions) { c.allowStale = true }} }

// IncludeTags returns the entry's tags.
func IncludeTags() ReadOption { return ReadOption{func(c *callOptions) { c.includeTags = true }} }

// IfRevisionNot answers KindNotModified, without a value, if the entry has this revision. GetMany does not know it and
// returns the value.
func IfRevisionNot(revision string) ReadOption {
	return ReadOption{func(c *callOptions) { c.ifRevisionNot = revision }}
}

// TTL is the time until an entry is stale, 1 ms up to the namespace's maximum. Default: the namespace's. Increment uses
// it only where there is no counter yet.
func TTL(d time.Duration) LifetimeOption {
	return LifetimeOption{func(c *callOptions) { c.ttl = &d }}
}

// StaleWindow is the time after the TTL in which an entry may be served stale, at most 30 d. Default: the namespace's.
// Given to GetOrCompute, a stale entry is served at once while a new value is computed.
func StaleWindow(d time.Duration) WindowOption {
	return WindowOption{func(c *callOptions) { c.staleWindow = &d }}
}

// Tags are up to 16 names that InvalidateTags can name.
func Tags(tags ...string) EntryOption {
	return EntryOption{func(c *callOptions) { c.tags = append(c.tags, tags...) }}
}

// ContentType is that of bytes that a Client writes. Default: application/octet-stream. A TypedCache writes that of its
// codec.
func ContentType(contentType string) EntryOption {
	return EntryOption{func(c *callOptions) { c.contentType = &contentType }}
}

// IfAbsent writes only if there is no fresh entry.
func IfAbsent() ConditionOption {
	return condition(&reprisev1.Condition{Kind: &reprisev1.Condition_Absent{Absent: empty}})
}

// IfPresent writes only if there is a fresh entry.
func IfPresent() ConditionOption {
	return condition(&reprisev1.Condition{Kind: &reprisev1.Condition_Present{Present: empty}})
}

// IfRevision writes only if the entry, fresh or stale, has this revision.
func IfRevision(revision string) ConditionOption {
	return condition(&reprisev1.Condition{Kind: &reprisev1.Condition_Revision{Revision: revision}})
}

// IfFence writes only if nothing that covers the key changed since a miss gave this fence.
func IfFence(fence string) ConditionOption { return condition(fenceCondition(fence)) }

func condition(kind *reprisev1.Condition) ConditionOption {
	return ConditionOption{func(c *callOptions) { c.condition = kind }}
}

func fenceCondition(fence string) *reprisev1.Condition {
	return &reprisev1.Condition{Kind: &reprisev1.Condition_Fence{Fence: fence}}
}

func leaseCondition(id string) *reprisev1.Condition {
	return &reprisev1.Condition{Kind: &reprisev1.Condition_LeaseId{LeaseId: id}}
}

// Initial is what an absent counter counts from. Default 0.
func Initial(value int64) CounterOption {
	return CounterOption{func(c *callOptions) { c.initial = value }}
}

// NegativeTTL keeps for so long, 60 s at most, that the source has nothing. Without it that is not kept.
func NegativeTTL(d time.Duration) FlightOption {
	return FlightOption{func(c *callOptions) { c.negativeTTL = &d }}
}

// Wait bounds how long GetOrCompute waits for somebody else's computation before it computes for itself. Default 10 s.
func Wait(d time.Duration) FlightOption {
	return FlightOption{func(c *callOptions) { c.wait = d }}
}

// Hold is how long GetOrCompute holds the right to fill a key, 10 min at most. A computation that takes longer is not
// kept, and one in the background is cancelled. Default 10 s.
func Hold(d time.Duration) FlightOption {
	return FlightOption{func(c *callOptions) { c.hold = d }}
}

// StaleIfError returns a stale value, if there is one, when the computation fails. Without [StaleWindow] entries are
// kept for this window after their TTL, for errors alone; 0 means the namespace's default.
func StaleIfError(window time.Duration) FlightOption {
	return FlightOption{func(c *callOptions) { c.staleIfError, c.staleIfErrorWindow = true, window }}
}

// WithoutEarlyRefresh never computes before an entry is stale. By default one caller of the process does so within the
// last tenth of the TTL, in the background.
func WithoutEarlyRefresh() FlightOption {
	return FlightOption{func(c *callOptions) { c.noEarlyRefresh = true }}
}

// MarkStale leaves what is invalidated to callers who allow stale entries, instead of removing it.
func MarkStale() SelectionOption {
	return SelectionOption{func(c *callOptions) { c.markStale = true }}
}

// DryRun only counts what would be affected, within the deadline.
func DryRun() SelectionOption { return SelectionOption{func(c *callOptions) { c.dryRun = true }} }

// AffectedMax refuses to invalidate more entries than this. The call counts first.
func AffectedMax(entries uint64) SelectionOption {
	return SelectionOption{func(c *callOptions) { c.affectedMax = &entries }}
}

// WaitUntil says how far the invalidation must have come before it is answered. Default [WaitAccepted].
func WaitUntil(stage WaitFor) SelectionOption {
	return SelectionOption{func(c *callOptions) { c.waitFor = stage }}
}

// Deferred lets a node with a spool keep the invalidation while the store can't be reached.
func Deferred() SelectionOption { return SelectionOption{func(c *callOptions) { c.deferred = true }} }

func collect[O applier](options []O) callOptions {
	var c callOptions
	for _, o := range options {
		o.apply(&c)
	}
	return c
}
