package reprise_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise.dev/go"
	"reprise.dev/go/internal/testserver"
)

type user struct {
	Name string   `json:"name"`
	Tags []string `json:"tags"`
}

// Goal: the four answers to a read stay four. Method: one key of each, read through a typed view.
func TestFourAnswers(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	users := reprise.Typed[*user](client)
	must[reprise.SetResult](t)(users.Set(ctx, "value", &user{Name: "Ann"}))
	must[reprise.SetResult](t)(users.Set(ctx, "null", nil))
	must[reprise.SetResult](t)(client.SetNegative(ctx, "negative"))
	must[reprise.SetResult](t)(client.Set(ctx, "empty", []byte{}))

	value := must[reprise.Lookup[*user]](t)(users.Get(ctx, "value"))
	if !value.Hit() || value.Value.Name != "Ann" || value.Revision == "" || value.FreshFor <= 0 {
		t.Errorf("value: %+v", value)
	}
	null := must[reprise.Lookup[*user]](t)(users.Get(ctx, "null"))
	if null.Kind != reprise.KindHit || null.Value != nil {
		t.Errorf("null: %+v", null)
	}
	negative := must[reprise.Lookup[*user]](t)(users.Get(ctx, "negative"))
	equal(t, "negative", negative.Kind, reprise.KindNegative)
	empty := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "empty"))
	if empty.Kind != reprise.KindHit || empty.Value == nil || len(empty.Value) != 0 {
		t.Errorf("empty: %+v", empty)
	}
	miss := must[reprise.Lookup[*user]](t)(users.Get(ctx, "nothing"))
	if miss.Kind != reprise.KindMiss || miss.Reason != reprise.MissUnknown || miss.Fence == "" {
		t.Errorf("miss: %+v", miss)
	}
	fallback := &user{}
	if miss.ValueOr(fallback) != fallback || null.ValueOr(fallback) != nil {
		t.Error("ValueOr is the value of a hit and the default for all else")
	}
}

// Goal: conditions that fail are results with a reason. Method: each condition where it holds and where it does not.
func TestConditions(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	set := func(options ...reprise.SetOption) reprise.SetResult {
		return must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v"), options...))
	}
	equal(t, "present", set(reprise.IfPresent()).Reason, reprise.NotStoredAbsent)
	fence := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k")).Fence
	first := set(reprise.IfAbsent())
	equal(t, "absent", first.Stored, true)
	equal(t, "absent again", set(reprise.IfAbsent()).Reason, reprise.NotStoredPresent)
	equal(t, "fence", set(reprise.IfFence(fence)).Reason, reprise.NotStoredFenceOvertaken)
	equal(t, "revision", set(reprise.IfRevision(first.Revision)).Stored, true)
	equal(t, "old revision", set(reprise.IfRevision(first.Revision)).Reason, reprise.NotStoredRevisionMismatch)
}

// Goal: delete, touch, exists and increment tell what happened. Method: each on a key that is there and one that is not.
func TestOtherCalls(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v"), reprise.TTL(time.Minute)))
	touched := must[reprise.TouchResult](t)(client.Touch(ctx, "k", reprise.TTL(time.Hour)))
	if !touched.Touched || touched.FreshFor < 59*time.Minute || touched.Revision == "" {
		t.Errorf("touch: %+v", touched)
	}
	equal(t, "touch nothing", must[reprise.TouchResult](t)(client.Touch(ctx, "none")).Touched, false)
	equal(t, "exists", must[reprise.ExistsResult](t)(client.Exists(ctx, "k")), reprise.ExistsResult{Exists: true})
	equal(t, "delete", must[reprise.DeleteResult](t)(client.Delete(ctx, "k")).Existed, true)
	equal(t, "delete again", must[reprise.DeleteResult](t)(client.Delete(ctx, "k")).Existed, false)
	equal(t, "exists not", must[reprise.ExistsResult](t)(client.Exists(ctx, "k")), reprise.ExistsResult{})

	counter := must[reprise.IncrementResult](t)(client.Increment(ctx, "n", 2, reprise.Initial(40)))
	equal(t, "counter", counter.Value, 42)
	equal(t, "counter as a number", must[reprise.Lookup[int]](t)(reprise.Typed[int](client).Get(ctx, "n")).Value, 42)
	over := must[reprise.IncrementResult](t)(client.Increment(ctx, "n", math.MaxInt64))
	equal(t, "overflow", over.Reason, reprise.NotIncrementedOverflow)
	must[reprise.SetResult](t)(client.Set(ctx, "text", []byte("x")))
	equal(t, "no counter", must[reprise.IncrementResult](t)(client.Increment(ctx, "text", 1)).Reason, reprise.NotIncrementedNotACounter)
}

// Goal: reads say what they were asked for. Method: tags, if_revision_not, latest and a token.
func TestReadOptions(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	set := must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v"), reprise.Tags("a", "b"), reprise.ContentType("text/x")))
	plain := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k"))
	if plain.Tags != nil || plain.ContentType != "text/x" {
		t.Errorf("plain: %+v", plain)
	}
	tagged := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k", reprise.IncludeTags(), reprise.AtLeast(set.Token)))
	if slices.Sort(tagged.Tags); !slices.Equal(tagged.Tags, []string{"a", "b"}) {
		t.Errorf("tags: %v", tagged.Tags)
	}
	same := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k", reprise.IfRevisionNot(set.Revision), reprise.Latest()))
	equal(t, "not modified", same.Kind, reprise.KindNotModified)
}

// Goal: batches answer in the order of their keys, each item for itself. Method: a value, a negative, a miss; then a
// batch that is larger than one call may be.
func TestMany(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	texts := reprise.Typed[string](client)
	written := must[[]reprise.SetItemResult](t)(texts.SetMany(ctx, []reprise.SetItem[string]{
		reprise.Item("a", "1", reprise.Tags("t")),
		reprise.NegativeItem[string]("b"),
		reprise.Item("a", "2", reprise.IfAbsent()),
	}))
	if !written[0].Stored || !written[1].Stored || written[2].Reason != reprise.NotStoredPresent || written[0].Token == "" {
		t.Errorf("written: %+v", written)
	}
	read := must[[]reprise.GetItem[string]](t)(texts.GetMany(ctx, []string{"c", "b", "a"}))
	if read[0].Kind != reprise.KindMiss || read[0].Fence == "" || read[1].Kind != reprise.KindNegative || read[2].Value != "1" {
		t.Errorf("read: %+v", read)
	}
	keys := make([]string, 2500)
	items := make([]reprise.SetItem[string], len(keys))
	for i := range keys {
		keys[i] = "n:" + strings.Repeat("x", i%7) + time.Duration(i).String()
		items[i] = reprise.Item(keys[i], keys[i])
	}
	must[[]reprise.SetItemResult](t)(texts.SetMany(ctx, items))
	for i, item := range must[[]reprise.GetItem[string]](t)(texts.GetMany(ctx, keys)) {
		if item.Err != nil || item.Value != keys[i] {
			t.Fatalf("item %d: %+v", i, item)
		}
	}
	deleted := must[[]reprise.DeleteItemResult](t)(client.DeleteMany(ctx, append(keys, "none")))
	equal(t, "deleted", deleted[0].Existed && deleted[2499].Existed, true)
	equal(t, "not there", deleted[2500].Existed, false)
}

// Goal: a batch whose answer is too large for one message is asked for in several. Method: 24 MiB in one GetMany.
func TestManyLargeValues(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	keys := []string{"a", "b", "c", "d", "e", "f"}
	items := make([]reprise.SetItem[[]byte], len(keys))
	for i, key := range keys {
		items[i] = reprise.Item(key, []byte(strings.Repeat(key, 4<<20)))
	}
	for _, result := range must[[]reprise.SetItemResult](t)(client.SetMany(ctx, items)) {
		equal(t, "stored", result.Stored, true)
	}
	for i, item := range must[[]reprise.GetItem[[]byte]](t)(client.GetMany(ctx, keys)) {
		if item.Err != nil || len(item.Value) != 4<<20 || item.Value[0] != keys[i][0] {
			t.Errorf("item %d: %v, %d bytes", i, item.Err, len(item.Value))
		}
	}
}

// Goal: invalidations do what they say. Method: each selector, a dry run, a refusal, marking stale, a receipt.
func TestInvalidate(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	fill := func() {
		must[reprise.SetResult](t)(client.Set(ctx, "p:1", []byte("v"), reprise.Tags("t"), reprise.StaleWindow(time.Minute)))
	}
	kind := func(options ...reprise.GetOption) reprise.Kind {
		return must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "p:1", options...)).Kind
	}
	result := must[reprise.InvalidateResult](t)
	fill()
	dry := result(client.InvalidateTags(ctx, []string{"t"}, reprise.DryRun()))
	if !dry.Counted || dry.Affected != 1 || dry.Precision != "EXACT" || dry.Invalidated {
		t.Errorf("dry run: %+v", dry)
	}
	equal(t, "refused", result(client.InvalidateAll(ctx, reprise.AffectedMax(0))).Refused, "TOO_MANY_AFFECTED")
	equal(t, "still there", kind(), reprise.KindHit)
	result(client.InvalidateTags(ctx, []string{"t"}, reprise.MarkStale()))
	equal(t, "stale", kind(), reprise.KindMiss)
	equal(t, "allowed", kind(reprise.AllowStale()), reprise.KindHit)
	for name, invalidate := range map[string]func() (reprise.InvalidateResult, error){
		"keys":   func() (reprise.InvalidateResult, error) { return client.InvalidateKeys(ctx, []string{"p:1"}) },
		"tags":   func() (reprise.InvalidateResult, error) { return client.InvalidateTags(ctx, []string{"t"}) },
		"prefix": func() (reprise.InvalidateResult, error) { return client.InvalidatePrefix(ctx, "p:") },
		"all":    func() (reprise.InvalidateResult, error) { return client.InvalidateAll(ctx) },
	} {
		fill()
		if r := result(invalidate()); !r.Invalidated || r.Token == "" {
			t.Errorf("%s: %+v", name, r)
		}
		equal(t, name, kind(reprise.AllowStale()), reprise.KindMiss)
	}
	receipt := result(client.InvalidateAll(ctx, reprise.WaitUntil(reprise.WaitStreams))).Receipt
	if len(receipt) != 1 || receipt[0].State != reprise.NodeStreamed {
		t.Errorf("receipt: %+v", receipt)
	}
}

// Goal: errors are found by kind, reason and facts, and show no keys. Method: provoke one of each from the server.
func TestErrors(t *testing.T) {
	client := newSpace(t).client()
	ctx := testserver.Context(t)
	_, err := client.Set(ctx, "secret-key", []byte("v"), reprise.TTL(1000*24*time.Hour))
	var failed *reprise.Error
	if !errors.As(err, &failed) || failed.Reason != "TTL_OUT_OF_RANGE" || failed.Metadata["ttlMsMax"] == "" {
		t.Fatalf("ttl: %v", err)
	}
	if !errors.Is(err, reprise.ErrInvalidArgument) || errors.Is(err, reprise.ErrUnavailable) {
		t.Errorf("kind: %v", err)
	}
	if strings.Contains(err.Error(), "secret-key") {
		t.Errorf("the message names a key: %v", err)
	}
	_, err = client.Get(ctx, "\xff")
	equal(t, "not UTF-8", errors.Is(err, reprise.ErrInvalidArgument), true)
	lost := connect(t, server.Address, reprise.WithNamespace("nowhere"), reprise.WithTimeout(testserver.Patience))
	_, err = lost.Get(ctx, "k")
	equal(t, "namespace", errors.Is(err, reprise.ErrNotFound), true)
	_, err = client.Set(ctx, "k", make([]byte, 9<<20))
	equal(t, "too large", errors.As(err, &failed) && failed.Reason == "VALUE_TOO_LARGE", true)
}

// Goal: whatever passes through does nothing and says so. Method: every call of a client that has no server.
func TestPassThrough(t *testing.T) {
	client := connect(t, "127.0.0.1:1", reprise.WithPassThrough())
	ctx := testserver.Context(t)
	equal(t, "get", must[reprise.Lookup[[]byte]](t)(client.Get(ctx, "k")).Reason, reprise.MissPassThrough)
	many := must[[]reprise.GetItem[[]byte]](t)(client.GetMany(ctx, []string{"a"}))
	equal(t, "get many", many[0].Reason, reprise.MissPassThrough)
	equal(t, "set", must[reprise.SetResult](t)(client.Set(ctx, "k", nil)), reprise.SetResult{PassThrough: true})
	equal(t, "delete", must[reprise.DeleteResult](t)(client.Delete(ctx, "k")).PassThrough, true)
	equal(t, "touch", must[reprise.TouchResult](t)(client.Touch(ctx, "k")).PassThrough, true)
	equal(t, "increment", must[reprise.IncrementResult](t)(client.Increment(ctx, "k", 1)).PassThrough, true)
	equal(t, "invalidate", must[reprise.InvalidateResult](t)(client.InvalidateAll(ctx)).PassThrough, true)
	equal(t, "exists", must[reprise.ExistsResult](t)(client.Exists(ctx, "k")).Exists, false)
	equal(t, "set many", must[[]reprise.SetItemResult](t)(client.SetMany(ctx, []reprise.SetItem[[]byte]{{Key: "a"}}))[0].PassThrough, true)
	equal(t, "delete many", must[[]reprise.DeleteItemResult](t)(client.DeleteMany(ctx, []string{"a"}))[0].PassThrough, true)
	sub := client.Subscribe(ctx)
	sub.Close()
	for range sub.Changes() {
		t.Error("a change came from nowhere")
	}
}
