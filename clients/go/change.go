package reprise

import reprisev1 "reprise.dev/go/gen/reprise/v1"

// Cause is what happened to what a change names.
type Cause string

// The causes of a change.
const (
	// CauseSet says that the key has a new value.
	CauseSet Cause = "SET"
	// CauseTouch says that the key's entry has a new lifetime.
	CauseTouch Cause = "TOUCH"
	// CauseDelete says that the key was deleted.
	CauseDelete Cause = "DELETE"
	// CauseKey says that the key was invalidated.
	CauseKey Cause = "KEY"
	// CauseTag says that a tag was invalidated.
	CauseTag Cause = "TAG"
	// CausePrefix says that a prefix was invalidated.
	CausePrefix Cause = "PREFIX"
	// CauseNamespace says that the namespace was invalidated.
	CauseNamespace Cause = "NAMESPACE"
)

// Mode is what an invalidation did.
type Mode string

// The modes of an invalidation.
const (
	// ModeRemove says that the entries are gone.
	ModeRemove Mode = "REMOVE"
	// ModeMarkStale says that they are stale.
	ModeMarkStale Mode = "MARK_STALE"
)

// Change is one change of the cache. It names a key, a tag, a prefix, or the whole namespace, and carries no value.
type Change struct {
	// Key is the key that changed, or empty.
	Key string
	// Tag is the tag that was invalidated, or empty.
	Tag string
	// Prefix is the prefix that was invalidated, or empty.
	Prefix string
	// WholeNamespace is true if everything was invalidated.
	WholeNamespace bool
	// Cause says what happened.
	Cause Cause
	// Mode says what an invalidation did. Empty for other causes.
	Mode Mode
	// Revision names the change. After a SET or a TOUCH the entry has this revision.
	Revision string
	// Actor is who made the change: "anonymous" without an identity.
	Actor string
	// Traceparent is the W3C trace context of the call that made the change. Empty if it had none.
	Traceparent string
}

func changeOf(event *reprisev1.Event) Change {
	c := Change{
		Cause: Cause(shortName(event.GetCause().String(), "EVENT_CAUSE_")), Revision: event.GetRevision(),
		Actor: event.GetActor(), Traceparent: event.GetTraceparent(),
	}
	if event.GetMode() != reprisev1.InvalidationMode_INVALIDATION_MODE_UNSPECIFIED {
		c.Mode = Mode(shortName(event.GetMode().String(), "INVALIDATION_MODE_"))
	}
	switch target := event.GetTarget().(type) {
	case *reprisev1.Event_Key:
		c.Key = target.Key
	case *reprisev1.Event_Tag:
		c.Tag = target.Tag
	case *reprisev1.Event_Prefix:
		c.Prefix = target.Prefix
	default:
		c.WholeNamespace = true
	}
	return c
}
