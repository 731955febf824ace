package reprise

import (
	"time"

	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
)

// answer is a lookup with what only the client itself needs to know.
type answer struct {
	Lookup[[]byte]
	leaseID    string
	retryAfter time.Duration
	entry      *near.Entry // the entry of the near cache that holds the value, if it does
}

func hitAnswer(h *reprisev1.Hit, spent time.Duration) answer {
	// A kind of content that was added to the contract later can't be served.
	if h.GetContent() == nil {
		return missAnswer(nil)
	}
	a := answer{leaseID: h.GetLease().GetId()}
	a.Kind, a.Value = KindHit, h.GetValue()
	if _, negative := h.GetContent().(*reprisev1.Hit_Negative); negative {
		a.Kind = KindNegative
	} else if a.Value == nil {
		a.Value = []byte{}
	}
	a.ContentType, a.Revision, a.Tags = h.GetContentType(), h.GetRevision(), h.GetTags()
	a.Stale, a.Unverified = h.GetStale(), h.GetUnverified()
	a.FreshFor, a.KeepFor = left(h.GetFreshFor(), spent), left(h.GetKeepFor(), spent)
	a.ExpireTime = h.GetExpireTime().AsTime()
	return a
}

func missAnswer(m *reprisev1.Miss) answer {
	a := answer{leaseID: m.GetLease().GetId(), retryAfter: m.GetRetryAfter().AsDuration()}
	a.Reason, a.Fence = MissReason(shortName(m.GetReason().String(), "MISS_REASON_")), m.GetFence()
	return a
}

func notModifiedAnswer(n *reprisev1.NotModified, spent time.Duration) answer {
	a := answer{leaseID: n.GetLease().GetId()}
	a.Kind, a.Revision, a.Stale = KindNotModified, n.GetRevision(), n.GetStale()
	a.FreshFor, a.KeepFor = left(n.GetFreshFor(), spent), left(n.GetKeepFor(), spent)
	a.ExpireTime = n.GetExpireTime().AsTime()
	return a
}

func nearAnswer(e *near.Entry, freshFor time.Duration) answer {
	a := answer{entry: e}
	a.Kind, a.Value = KindHit, e.Value
	if e.Negative {
		a.Kind = KindNegative
	}
	a.ContentType, a.Revision, a.Tags = e.ContentType, e.Revision, e.Tags
	a.FreshFor, a.KeepFor, a.ExpireTime = freshFor, freshFor+e.KeepAfterFresh, e.ExpireTime
	return a
}

func passedThrough() answer {
	a := answer{}
	a.Reason = MissPassThrough
	return a
}
