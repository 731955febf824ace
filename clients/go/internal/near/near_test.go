package near

import (
	"fmt"
	"testing"
	"time"
)

// rig is a near cache with a clock that the test moves.
type rig struct {
	*Cache
	t   *testing.T
	now time.Duration
}

func newRig(t *testing.T, options Options) *rig {
	r := &rig{t: t, now: time.Hour}
	r.Cache = New(options, func() time.Duration { return r.now })
	return r
}

// proven connects, and proves everything up to now.
func (r *rig) proven() *rig {
	r.Connected("t0")
	r.HeadAnswer(r.now, "", "h0", 0, false)
	r.HeadAnswer(r.now, "h0", "h1", 0, true)
	return r
}

func entry(revision string, tags ...string) Read {
	return Read{Entry: &Entry{Value: []byte("v"), Revision: revision, Tags: tags}, FreshFor: time.Minute}
}

func (r *rig) fill(key, revision string, tags ...string) bool {
	return r.Keep(r.Begin(key), key, entry(revision, tags...))
}

func (r *rig) serves(key string) bool {
	e, _ := r.Get(key)
	return e != nil
}

func (r *rig) expect(what string, got, want bool) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func keySet(key, revision string) Change {
	return Change{Target: TargetKey, Name: key, SetRevision: revision, Cause: CauseKey}
}

// Goal: nothing is served before the first proof, nor when it is too old. Method: heads that are covered at known times.
func TestProof(t *testing.T) {
	r := newRig(t, Options{})
	r.Connected("t0")
	r.expect("kept before a proof", r.fill("k", "1"), true)
	r.expect("served before a proof", r.serves("k"), false)
	sent := r.now
	r.HeadAnswer(sent, "", "h0", 100*time.Millisecond, false)
	r.expect("served while a head is awaited", r.serves("k"), false)
	r.now += 250 * time.Millisecond
	r.HeadAnswer(r.now, "h0", "h1", 0, true)
	r.expect("served", r.serves("k"), true)
	r.now = sent - 100*time.Millisecond + time.Second
	r.expect("served at the limit", r.serves("k"), true)
	r.now++
	r.expect("served past the limit", r.serves("k"), false)
}

// Goal: a head that is not covered stays awaited until it is older than the lag; an answer to another question proves
// nothing. Method: answers in wrong order.
func TestAwaitedHead(t *testing.T) {
	r := newRig(t, Options{})
	r.Connected("t0")
	r.HeadAnswer(r.now, "", "h0", 0, false)
	r.now += time.Second
	r.HeadAnswer(r.now, "h0", "h1", 0, false)
	if _, awaited, _ := r.HeadRequest(); awaited != "h0" {
		t.Errorf("awaited %s at the limit, want h0", awaited)
	}
	r.now++
	r.HeadAnswer(r.now, "h0", "h2", 0, false)
	if _, awaited, _ := r.HeadRequest(); awaited != "h2" {
		t.Errorf("awaited %s past the limit, want h2", awaited)
	}
	r.HeadAnswer(r.now, "h0", "h3", 0, true)
	r.expect("an answer about an older head proves", r.Serving(), false)
	r.Reset("t1")
	r.HeadAnswer(r.now, "h2", "h3", 0, true)
	r.expect("an answer from before a reset proves", r.Serving(), false)
}

// Goal: a broken stream stops the serving at once, or after maxStaleness. Method: both, on the same entry.
func TestBrokenStream(t *testing.T) {
	r := newRig(t, Options{}).proven()
	r.fill("k", "1")
	r.Broken(r.now)
	r.expect("served while broken", r.serves("k"), false)
	r.Connected("t1")
	r.expect("served when it goes on", r.serves("k"), true)

	r = newRig(t, Options{MaxStaleness: 5 * time.Second}).proven()
	r.fill("k", "1")
	r.Broken(r.now)
	r.now += 5 * time.Second
	r.expect("served at the limit", r.serves("k"), true)
	r.now++
	r.expect("served past the limit", r.serves("k"), false)
}

// Goal: a read is kept or not by what the stream told since its send. Method: every kind of change, before the send, in
// flight and after the answer.
func TestKeepRules(t *testing.T) {
	cases := []struct {
		name           string
		change         func(*rig)
		kept, survives bool
	}{
		{"another key", func(r *rig) { r.Apply([]Change{keySet("other", "9")}, "t1") }, true, true},
		{"set of this revision", func(r *rig) { r.Apply([]Change{keySet("a:k", "1")}, "t1") }, true, true},
		{"set of another revision", func(r *rig) { r.Apply([]Change{keySet("a:k", "2")}, "t1") }, false, false},
		{"this revision, then another", func(r *rig) { r.Apply([]Change{keySet("a:k", "1"), keySet("a:k", "2")}, "t1") }, false, false},
		{"another revision, then this", func(r *rig) { r.Apply([]Change{keySet("a:k", "0"), keySet("a:k", "1")}, "t1") }, true, false},
		{"delete", func(r *rig) { r.Apply([]Change{keySet("a:k", "")}, "t1") }, false, false},
		{"its tag", func(r *rig) { r.Apply([]Change{{Target: TargetTag, Name: "t"}}, "t1") }, false, false},
		{"another tag", func(r *rig) { r.Apply([]Change{{Target: TargetTag, Name: "u"}}, "t1") }, true, true},
		{"its prefix", func(r *rig) { r.Apply([]Change{{Target: TargetPrefix, Name: "a:"}}, "t1") }, false, false},
		{"another prefix", func(r *rig) { r.Apply([]Change{{Target: TargetPrefix, Name: "b:"}}, "t1") }, true, true},
		{"everything", func(r *rig) { r.Apply([]Change{{Target: TargetAll, Cause: CauseWide}}, "t1") }, false, false},
		{"a tag, then a set of this revision", func(r *rig) {
			r.Apply([]Change{{Target: TargetTag, Name: "t"}, keySet("a:k", "1")}, "t1")
		}, false, false},
		{"epoch", func(r *rig) { r.Apply([]Change{{Target: TargetAll, Cause: CauseEpoch}}, "t1") }, false, false},
		{"reset", func(r *rig) { r.Reset("t1") }, false, false},
		{"own write of the key", func(r *rig) { r.Own(Change{Target: TargetKey, Name: "a:k"}) }, false, false},
		{"own write of another key", func(r *rig) { r.Own(Change{Target: TargetKey, Name: "b"}) }, true, true},
		{"own invalidation of another tag", func(r *rig) { r.Own(Change{Target: TargetTag, Name: "u"}) }, false, true},
		{"own invalidation of its tag", func(r *rig) { r.Own(Change{Target: TargetTag, Name: "t"}) }, false, false},
		{"own write, then the stream's set of this revision", func(r *rig) {
			r.Own(Change{Target: TargetKey, Name: "a:k"})
			r.Apply([]Change{keySet("a:k", "1")}, "t1")
		}, false, false},
		{"broken and resumed", func(r *rig) { r.Broken(r.now); r.Connected("t1") }, true, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, Options{}).proven()
			c.change(r)
			r.proven()
			r.expect("kept, told before the send", r.fill("a:k", "1", "t"), true)

			r = newRig(t, Options{}).proven()
			mark := r.Begin("a:k")
			c.change(r)
			r.expect("kept, told in flight", r.Keep(mark, "a:k", entry("1", "t")), c.kept)

			r = newRig(t, Options{}).proven()
			r.fill("a:k", "1", "t")
			c.change(r)
			r.proven()
			r.expect("served, told afterwards", r.serves("a:k"), c.survives)
		})
	}
}

// Goal: some answers are never kept. Method: each kind.
func TestNeverKept(t *testing.T) {
	r := newRig(t, Options{Prefixes: []string{"a:"}}).proven()
	for name, read := range map[string]Read{
		"stale":       {Entry: &Entry{Revision: "1"}, FreshFor: time.Minute, Stale: true},
		"unverified":  {Entry: &Entry{Revision: "1"}, FreshFor: time.Minute, Unverified: true},
		"no revision": {Entry: &Entry{Negative: true}, FreshFor: time.Minute},
		"no time":     {Entry: &Entry{Revision: "1"}},
	} {
		r.expect(name, r.Keep(r.Begin("a:k"), "a:k", read), false)
	}
	r.expect("another prefix", r.fill("b:k", "1"), false)
	fresh := newRig(t, Options{})
	r.expect("before the first token", fresh.fill("k", "1"), false)
	if refused := r.Stats().RefusedInserts; refused != 4 {
		t.Errorf("refused %d, want 4", refused)
	}
}

// Goal: 1000 events in one flight are looked through, one more is too many. Method: harmless events.
func TestLongFlight(t *testing.T) {
	r := newRig(t, Options{}).proven()
	for _, events := range []int{1000, 1001} {
		mark := r.Begin("k")
		for i := range events {
			r.Apply([]Change{keySet(fmt.Sprint("other", i), "x")}, "t1")
		}
		r.expect(fmt.Sprint(events), r.Keep(mark, "k", entry("1")), events == 1000)
	}
}

// Goal: the time counts from the send. Method: a slow read of a short life.
func TestTimeFromSend(t *testing.T) {
	r := newRig(t, Options{MaxLag: time.Hour}).proven()
	mark := r.Begin("k")
	r.now += 40 * time.Second
	r.Keep(mark, "k", entry("1"))
	r.now += 20*time.Second - 1
	if _, left := r.Get("k"); left != 1 {
		t.Errorf("left %v, want 1ns", left)
	}
	r.now++
	r.expect("served at its end", r.serves("k"), false)
	r.Begin("k")
	if s := r.Stats(); s.Entries != 0 || s.Drops[CauseExpired] != 1 {
		t.Errorf("stats: %+v", s)
	}
}

// Goal: the bounds hold, and the least recently used leaves first. Method: at the limit and one past it.
func TestBounds(t *testing.T) {
	r := newRig(t, Options{EntriesMax: 100}).proven()
	for i := range 100 {
		r.now++
		r.fill(fmt.Sprint(i), "1")
	}
	r.now++
	r.expect("oldest at the limit", r.serves("0"), true)
	r.now++
	r.fill("100", "1")
	r.expect("the one that was used", r.serves("0"), true)
	r.expect("the least recently used", r.serves("1"), false)
	if s := r.Stats(); s.Entries != 100 || s.Evictions != 1 {
		t.Errorf("stats: %+v", s)
	}

	r = newRig(t, Options{BytesMax: 2 * (128 + 1 + 1 + 3)}).proven()
	r.fill("a", "1", "tag")
	r.fill("b", "1", "tag")
	r.expect("two fit", r.serves("a") && r.serves("b"), true)
	big := Read{Entry: &Entry{Value: make([]byte, 300), Revision: "1"}, FreshFor: time.Minute}
	r.expect("one that can never fit", r.Keep(r.Begin("c"), "c", big), false)
	r.fill("c", "1")
	if s := r.Stats(); s.Entries != 2 || s.Bytes > 2*133 {
		t.Errorf("stats: %+v", s)
	}
}

// Goal: the books agree with what is kept. Method: many random-like changes, then a count of everything.
func TestBooks(t *testing.T) {
	r := newRig(t, Options{EntriesMax: 50}).proven()
	for i := range 5000 {
		r.now++
		key := fmt.Sprint(i * 7 % 83)
		switch i % 11 {
		case 3:
			r.Apply([]Change{{Target: TargetTag, Name: fmt.Sprint("t", i%5)}}, "t")
		case 7:
			r.Own(Change{Target: TargetKey, Name: key})
		default:
			r.fill(key, "1", fmt.Sprint("t", i%5), "all")
		}
	}
	entries, bytes, listed := 0, int64(0), 0
	for i := range r.shards {
		for _, e := range r.shards[i].entries {
			entries, bytes = entries+1, bytes+e.weight
		}
		for e := r.shards[i].list.first; e != nil; e = e.next {
			listed++
		}
	}
	if s := r.Stats(); s.Entries != entries || s.Bytes != bytes || listed != entries || len(r.tags["all"]) != entries {
		t.Errorf("stats %+v; counted %d entries, %d bytes, %d in lists, %d by tag", s, entries, bytes, listed, len(r.tags["all"]))
	}
	r.Reset("t")
	if s := r.Stats(); s.Entries != 0 || s.Bytes != 0 || len(r.tags) != 0 {
		t.Errorf("after a reset: %+v, %d tags", s, len(r.tags))
	}
}
