package session

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

type rig struct {
	*Tokens
	t   *testing.T
	now time.Duration
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, now: time.Hour}
	r.Tokens = New(2*time.Second, func() time.Duration { return r.now })
	return r
}

func (r *rig) expect(key string, want ...string) {
	r.t.Helper()
	got, latest := r.For(key)
	if want == nil && !latest {
		r.t.Errorf("%s: got %v, want latest", key, got)
	}
	if want != nil && (latest || !slices.Equal(got, slices.DeleteFunc(want, func(s string) bool { return s == "" }))) {
		r.t.Errorf("%s: got %v (latest %v), want %v", key, got, latest, want)
	}
}

// Goal: a read carries the tokens that concern it, as long as a node may be behind. Method: writes and invalidations,
// read at the limit and past it.
func TestTokensThatConcern(t *testing.T) {
	r := newRig(t)
	r.Wrote("a", "w1", r.now)
	r.Invalidated(Selector{Prefix: "p:"}, "i1")
	r.Invalidated(Selector{Keys: []string{"a"}}, "i2")
	r.Invalidated(Selector{}, "i3")
	r.Wrote("b", "", r.now)
	r.expect("a", "w1", "i2", "i3")
	r.expect("b", "i3")
	r.expect("p:1", "i1", "i3")
	r.now += 2 * time.Second
	r.expect("a", "w1", "i2", "i3")
	r.now++
	r.expect("a", "")
}

// Goal: of two writes that overlapped both tokens are kept, because nobody knows which came first; a later one replaces
// them. Method: acknowledge out of order.
func TestOverlappingWrites(t *testing.T) {
	r := newRig(t)
	first, second := r.now, r.now+1
	r.now += 10
	r.Wrote("a", "second", second)
	r.now++
	r.Wrote("a", "first", first)
	r.expect("a", "second", "first")
	r.now++
	r.Wrote("a", "third", r.now)
	r.expect("a", "third")
	for i := range 5 {
		r.Wrote("a", fmt.Sprint(i), first)
	}
	r.expect("a")
}

// Goal: what was forgotten for want of room makes reads ask for the latest until it would have ended. Method: one key
// and one invalidation past the limits.
func TestLimits(t *testing.T) {
	r := newRig(t)
	for i := range 1024 {
		r.Wrote(fmt.Sprint(i), "w", r.now)
	}
	r.expect("none", "")
	r.Wrote("1024", "w", r.now)
	r.expect("none")
	r.now += 2*time.Second + 1
	r.expect("none", "")
	for range 8 {
		r.Invalidated(Selector{}, "i")
	}
	r.expect("none", "i")
	r.Invalidated(Selector{}, "i")
	r.expect("none")
	r.Drop()
	r.expect("none", "")
}

// Goal: a batch carries the tokens of all its keys, or asks for the latest if they are too many. Method: at the limit
// and one past it.
func TestBatch(t *testing.T) {
	r := newRig(t)
	var keys []string
	for i := range 17 {
		keys = append(keys, fmt.Sprint(i))
		r.Wrote(keys[i], fmt.Sprint("w", i), r.now)
	}
	if tokens, latest := r.For(keys[:16]...); len(tokens) != 16 || latest {
		t.Errorf("16 keys: %v %v", tokens, latest)
	}
	if tokens, latest := r.For(keys...); tokens != nil || !latest {
		t.Errorf("17 keys: %v %v", tokens, latest)
	}
}
