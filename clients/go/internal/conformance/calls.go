package main

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"reprise.dev/go"
)

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (d *driver) call(ctx context.Context, client *opened, c *command) (any, error) {
	switch c.Do {
	case "close":
		return object{}, client.Close()
	case "get":
		found, err := client.view.Get(ctx, c.Key, c.getOptions()...)
		return lookup(found, c.WithTags), err
	case "exists":
		result, err := client.Exists(ctx, c.Key, existsOptions(c)...)
		return object{"exists": result.Exists, "negative": result.Negative}, err
	case "get_many":
		return getMany(ctx, client, c)
	case "set", "set_negative":
		return set(ctx, client, c)
	case "set_many":
		return setMany(ctx, client, c)
	case "delete":
		result, err := client.Delete(ctx, c.Key, c.deleteOptions()...)
		return deleted(result), err
	case "delete_many":
		return deleteMany(ctx, client, c)
	case "touch":
		return touch(ctx, client, c)
	case "increment":
		return increment(ctx, client, c)
	case "invalidate":
		return invalidate(ctx, client, c)
	case "get_or_compute":
		return d.getOrCompute(ctx, client, c)
	case "subscribe":
		return d.subscribe(client, c)
	case "near_stats":
		return nearStats(client.NearCacheStats()), nil
	}
	return nil, &fault{Kind: "NotSupported", Reason: c.Do}
}

func lookup(l reprise.Lookup[any], withTags bool) object {
	answer := object{"kind": l.Kind.String(), "revision": l.Revision, "stale": l.Stale, "unverified": l.Unverified, "freshForMs": ms(l.FreshFor)}
	switch l.Kind {
	case reprise.KindMiss:
		return object{"kind": "miss", "missReason": l.Reason}
	case reprise.KindHit:
		answer["value"] = told(l.Value)
	}
	if withTags {
		answer["tags"] = append([]string{}, l.Tags...)
	}
	return answer
}

func (c *command) timeout() []reprise.CallOption {
	if c.DeadlineMs == nil {
		return nil
	}
	return []reprise.CallOption{reprise.Timeout(duration(c.DeadlineMs))}
}

func (c *command) freshness() (options []reprise.FreshnessOption) {
	if c.Latest {
		options = append(options, reprise.Latest())
	}
	if c.AtLeast != nil {
		options = append(options, reprise.AtLeast(c.AtLeast...))
	}
	return options
}

func (c *command) getOptions() []reprise.GetOption {
	options := widen[reprise.GetOption](nil, c.timeout())
	options = widen(options, c.freshness())
	if c.AllowStale {
		options = append(options, reprise.AllowStale())
	}
	if c.WithTags {
		options = append(options, reprise.IncludeTags())
	}
	return options
}

// widen adds options of a narrower type.
func widen[To, From any](options []To, more []From) []To {
	for _, o := range more {
		options = append(options, any(o).(To))
	}
	return options
}

func existsOptions(c *command) []reprise.ExistsOption {
	return widen(widen[reprise.ExistsOption](nil, c.timeout()), c.freshness())
}

func (c *command) deleteOptions() []reprise.DeleteOption {
	return widen[reprise.DeleteOption](nil, c.timeout())
}

func (c *command) setOptions() []reprise.SetOption {
	options := widen[reprise.SetOption](nil, c.timeout())
	if c.TTLMs != nil {
		options = append(options, reprise.TTL(duration(c.TTLMs)))
	}
	if c.StaleWindowMs != nil {
		options = append(options, reprise.StaleWindow(duration(c.StaleWindowMs)))
	}
	if c.Tags != nil {
		options = append(options, reprise.Tags(c.Tags...))
	}
	if c.Condition != nil {
		options = append(options, c.Condition.option())
	}
	return options
}

func getMany(ctx context.Context, client *opened, c *command) (any, error) {
	items, err := client.view.GetMany(ctx, c.Keys, c.getOptions()...)
	results := make([]any, len(items))
	for i, item := range items {
		results[i] = either(item.Err, lookup(item.Lookup, c.WithTags))
	}
	return object{"results": results}, err
}

func either(err error, told object) any {
	if err != nil {
		return object{"error": faultOf(err)}
	}
	return told
}

func set(ctx context.Context, client *opened, c *command) (any, error) {
	if c.Do == "set_negative" {
		result, err := client.SetNegative(ctx, c.Key, c.setOptions()...)
		return setResult(result), err
	}
	native, err := c.Value.native()
	if err != nil {
		return nil, err
	}
	result, err := client.view.Set(ctx, c.Key, native, c.setOptions()...)
	return setResult(result), err
}

func setResult(r reprise.SetResult) object {
	told := object{"stored": r.Stored, "revision": r.Revision, "token": r.Token, "freshForMs": ms(r.FreshFor), "local": r.Local}
	if !r.Stored {
		told = object{"stored": false, "notStored": r.Reason, "revision": r.Revision}
	}
	if r.PassThrough {
		told["passThrough"] = true
	}
	return told
}

func setMany(ctx context.Context, client *opened, c *command) (any, error) {
	items := make([]reprise.SetItem[any], len(c.Items))
	for i := range c.Items {
		item := &c.Items[i]
		items[i] = reprise.SetItem[any]{Key: item.Key, Negative: item.Negative, Options: item.setOptions()}
		if item.Negative {
			continue
		}
		var err error
		if items[i].Value, err = item.Value.native(); err != nil {
			return nil, err
		}
	}
	answers, err := client.view.SetMany(ctx, items, c.deleteOptions()...)
	results := make([]any, len(answers))
	for i, a := range answers {
		results[i] = either(a.Err, setResult(a.SetResult))
	}
	return object{"results": results}, err
}

func deleted(r reprise.DeleteResult) object {
	told := object{"existed": r.Existed, "token": r.Token}
	if r.PassThrough {
		told["passThrough"] = true
	}
	return told
}

func deleteMany(ctx context.Context, client *opened, c *command) (any, error) {
	answers, err := client.DeleteMany(ctx, c.Keys, c.deleteOptions()...)
	results := make([]any, len(answers))
	for i, a := range answers {
		results[i] = either(a.Err, deleted(a.DeleteResult))
	}
	return object{"results": results}, err
}

func touch(ctx context.Context, client *opened, c *command) (any, error) {
	options := widen[reprise.TouchOption](nil, c.timeout())
	if c.TTLMs != nil {
		options = append(options, reprise.TTL(duration(c.TTLMs)))
	}
	if c.StaleWindowMs != nil {
		options = append(options, reprise.StaleWindow(duration(c.StaleWindowMs)))
	}
	r, err := client.Touch(ctx, c.Key, options...)
	told := object{"touched": r.Touched, "revision": r.Revision, "token": r.Token, "freshForMs": ms(r.FreshFor)}
	if r.PassThrough {
		told["passThrough"] = true
	}
	return told, err
}

func increment(ctx context.Context, client *opened, c *command) (any, error) {
	options := widen[reprise.IncrementOption](nil, c.timeout())
	delta, err := strconv.ParseInt(c.Delta, 10, 64)
	if err != nil {
		return nil, err
	}
	if c.Initial != nil {
		initial, err := strconv.ParseInt(*c.Initial, 10, 64)
		if err != nil {
			return nil, err
		}
		options = append(options, reprise.Initial(initial))
	}
	if c.TTLMs != nil {
		options = append(options, reprise.TTL(duration(c.TTLMs)))
	}
	r, err := client.Increment(ctx, c.Key, delta, options...)
	switch {
	case r.PassThrough:
		return object{"passThrough": true}, err
	case !r.Incremented:
		return object{"notIncremented": r.Reason}, err
	}
	return object{"value": strconv.FormatInt(r.Value, 10), "revision": r.Revision, "token": r.Token}, err
}

func invalidate(ctx context.Context, client *opened, c *command) (any, error) {
	options := invalidateOptions(c)
	var r reprise.InvalidateResult
	var err error
	switch {
	case c.All:
		r, err = client.InvalidateAll(ctx, options...)
	case c.Prefix != nil:
		r, err = client.InvalidatePrefix(ctx, *c.Prefix, options...)
	case c.Tags != nil:
		r, err = client.InvalidateTags(ctx, c.Tags, options...)
	default:
		r, err = client.InvalidateKeys(ctx, c.Keys, options...)
	}
	switch {
	case r.PassThrough:
		return object{"invalidated": false, "passThrough": true}, err
	case r.Counted:
		return object{"counted": r.Affected, "precision": r.Precision}, err
	case r.Refused != "":
		return object{"refused": r.Refused, "affected": r.Affected}, err
	}
	return object{"invalidated": r.Invalidated, "token": r.Token}, err
}

func invalidateOptions(c *command) []reprise.InvalidateOption {
	options := widen[reprise.InvalidateOption](nil, c.timeout())
	if c.Mode == "MARK_STALE" {
		options = append(options, reprise.MarkStale())
	}
	if c.DryRun {
		options = append(options, reprise.DryRun())
	}
	if c.AffectedMax != nil {
		options = append(options, reprise.AffectedMax(*c.AffectedMax))
	}
	if stage, ok := map[string]reprise.WaitFor{"ACCEPTED": reprise.WaitAccepted, "NODES": reprise.WaitNodes, "STREAMS": reprise.WaitStreams}[c.Wait]; ok {
		options = append(options, reprise.WaitUntil(stage))
	}
	return options
}

// computation is what a function of the runner does.
type computation struct {
	Name    string  `json:"name"`
	Value   *value  `json:"value"`
	Nothing bool    `json:"nothing"`
	Throws  *string `json:"throws"`
	Gate    string  `json:"gate"`
}

func (d *driver) getOrCompute(ctx context.Context, client *opened, c *command) (any, error) {
	var what computation
	if err := json.Unmarshal(c.Compute, &what); err != nil {
		return nil, err
	}
	found, err := client.view.GetOrCompute(ctx, c.Key, d.function(&what), computeOptions(c)...)
	d.mu.Lock()
	begun := d.count(what.Name).begun
	d.mu.Unlock()
	if found.Kind == reprise.KindNegative {
		return object{"kind": "negative", "computed": begun}, err
	}
	return object{"kind": "hit", "value": told(found.Value), "computed": begun}, err
}

func (d *driver) function(what *computation) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		d.mu.Lock()
		of := d.count(what.Name)
		of.begun++
		d.mu.Unlock()
		defer func() {
			d.mu.Lock()
			of.ended++
			d.mu.Unlock()
		}()
		if what.Gate != "" {
			select {
			case <-d.gate(what.Gate):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		switch {
		case what.Throws != nil:
			return nil, computationError{*what.Throws}
		case what.Nothing:
			return nil, reprise.ErrNothing
		}
		return what.Value.native()
	}
}

func computeOptions(c *command) []reprise.ComputeOption {
	options := widen[reprise.ComputeOption](nil, c.timeout())
	if c.TTLMs != nil {
		options = append(options, reprise.TTL(duration(c.TTLMs)))
	}
	if c.StaleWindowMs != nil {
		options = append(options, reprise.StaleWindow(duration(c.StaleWindowMs)))
	}
	if c.NegativeTTLMs != nil {
		options = append(options, reprise.NegativeTTL(duration(c.NegativeTTLMs)))
	}
	if c.WaitMs != nil {
		options = append(options, reprise.Wait(duration(c.WaitMs)))
	}
	if c.StaleIfError {
		options = append(options, reprise.StaleIfError(0))
	}
	if c.Tags != nil {
		options = append(options, reprise.Tags(c.Tags...))
	}
	return options
}

func nearStats(s reprise.NearCacheStats) object {
	drops := uint64(0)
	for _, count := range s.Drops {
		drops += count
	}
	return object{
		"hits": s.Hits, "misses": s.Misses, "entries": s.Entries, "bytes": s.Bytes, "evictions": s.Evictions, "drops": drops,
		"resets": s.Resets, "proofs": s.Proofs, "refusedInserts": s.RefusedInserts, "serving": s.Serving,
	}
}
