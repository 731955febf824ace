package reprise

import (
	"bytes"
	"context"
	"slices"
	"time"

	"google.golang.org/grpc"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/near"
)

const (
	itemsMax      = 1000
	itemsBytesMax = 12 << 20 // of a BatchSet: well below what a message may have
)

// GetMany reads entries as bytes, in the order of the keys, in as few calls as their number allows. An error means that
// nothing is known; an item's own Err, that this key could not be read.
func (c *Client) GetMany(ctx context.Context, keys []string, options ...GetOption) ([]GetItem[[]byte], error) {
	o := collect(options)
	found, err := c.getMany(ctx, keys, &o)
	if err != nil {
		return nil, err
	}
	items := make([]GetItem[[]byte], len(found))
	for i, f := range found {
		if f.answer.entry != nil {
			f.answer.Value = bytes.Clone(f.answer.Value)
		}
		items[i] = GetItem[[]byte]{Key: keys[i], Lookup: f.answer.Lookup, Err: f.err}
	}
	return items, nil
}

// found is the outcome for one key of a batch.
type found struct {
	answer answer
	err    error
}

func (c *Client) getMany(ctx context.Context, keys []string, o *callOptions) ([]found, error) {
	all := make([]found, len(keys))
	var missing []int
	for i, key := range keys {
		if c.config.passThrough {
			all[i].answer = passedThrough()
		} else if a, ok := c.fromNear(key, o); ok {
			all[i].answer = a
		} else {
			missing = append(missing, i)
		}
	}
	for some := range slices.Chunk(missing, itemsMax) {
		wanted := make([]string, len(some))
		for i, index := range some {
			wanted[i] = keys[index]
		}
		read, _, err := c.readMany(ctx, wanted, o)
		if err != nil {
			return nil, err
		}
		for i, index := range some {
			all[index] = read[i]
		}
	}
	return all, nil
}

// readMany reads up to 1000 keys by calls of their own, and returns the token of the last of them.
func (c *Client) readMany(ctx context.Context, keys []string, o *callOptions) ([]found, string, error) {
	if err := checkKeys("GetMany", keys...); err != nil {
		return nil, "", err
	}
	all, token, full, err := c.readBatch(ctx, keys, o)
	for err == nil && len(full) > 0 {
		again := make([]string, len(full))
		for i, index := range full {
			again[i] = keys[index]
		}
		var more []found
		var still []int
		more, token, still, err = c.readBatch(ctx, again, o)
		if len(still) == len(full) { // no progress: leave them as errors
			break
		}
		for i, index := range full {
			if err == nil {
				all[index] = more[i]
			}
		}
		for i, index := range still {
			still[i] = full[index]
		}
		full = still
	}
	return all, token, err
}

// readBatch makes one BatchGet. full are the places of keys that did not fit into the answer.
func (c *Client) readBatch(ctx context.Context, keys []string, o *callOptions) (all []found, token string, full []int, err error) {
	marks, streamToken := c.beginReads(keys)
	var response *reprisev1.BatchGetResponse
	var spent time.Duration
	err = c.withTokens(o, keys, streamToken, func(consistency *reprisev1.Consistency) error {
		request := &reprisev1.BatchGetRequest{
			Namespace: c.config.namespace, Keys: keys, Consistency: consistency, AllowStale: o.allowStale,
			WithTags: o.includeTags || streamToken != "",
		}
		return c.invoke(ctx, rpc{op: "GetMany", timeout: o.timeout}, func(ctx context.Context, extra ...grpc.CallOption) error {
			sent := c.now()
			answered, err := c.cache.BatchGet(ctx, request, extra...)
			response, spent = answered, c.now()-sent
			return err
		})
	})
	if err != nil {
		return nil, "", nil, err
	}
	all = make([]found, len(keys))
	for _, result := range response.GetResults() {
		i := int(result.GetIndex())
		if i >= len(all) {
			continue
		}
		all[i] = batchAnswer(result, response.GetToken(), spent)
		if all[i].err == nil {
			all[i].answer = c.keepNear(marks[i], keys[i], all[i].answer, o)
		} else if all[i].err.(*Error).Reason == "RESPONSE_FULL" {
			full = append(full, i)
		}
	}
	return all, response.GetToken(), full, nil
}

func (c *Client) beginReads(keys []string) (marks []near.Mark, streamToken string) {
	marks = make([]near.Mark, len(keys))
	for i, key := range keys {
		marks[i] = c.beginRead(key)
	}
	if c.near != nil {
		streamToken = c.near.cache.Token() // at least as new as that of every mark
	}
	return marks, streamToken
}

func batchAnswer(result *reprisev1.BatchGetResult, token string, spent time.Duration) found {
	switch r := result.GetResult().(type) {
	case *reprisev1.BatchGetResult_Hit:
		return found{answer: hitAnswer(r.Hit, spent)}
	case *reprisev1.BatchGetResult_Error:
		return found{err: itemError("GetMany", r.Error)}
	}
	a := missAnswer(result.GetMiss())
	a.Fence = token
	return found{answer: a}
}

// SetMany writes entries of bytes, each with its own outcome, in as few calls as their number and size allow. There is
// no atomicity.
func (c *Client) SetMany(ctx context.Context, items []SetItem[[]byte], options ...DeleteOption) ([]SetItemResult, error) {
	o := collect(options)
	encoded := make([]*reprisev1.BatchSetItem, len(items))
	for i, item := range items {
		io := collect(item.Options)
		encoded[i] = batchSetItem(item, &io)
	}
	return c.setMany(ctx, encoded, &o)
}

func batchSetItem(item SetItem[[]byte], o *callOptions) *reprisev1.BatchSetItem {
	encoded := &reprisev1.BatchSetItem{
		Key: item.Key, ContentType: contentTypeOf(o), Tags: o.tags, Ttl: durationOf(o.ttl),
		StaleWindow: durationOf(o.staleWindow), Condition: o.condition,
	}
	if item.Negative {
		encoded.Content, encoded.ContentType = &reprisev1.BatchSetItem_Negative{Negative: empty}, ""
	} else {
		encoded.Content = &reprisev1.BatchSetItem_Value{Value: item.Value}
	}
	return encoded
}

func (c *Client) setMany(ctx context.Context, items []*reprisev1.BatchSetItem, o *callOptions) ([]SetItemResult, error) {
	results := make([]SetItemResult, 0, len(items))
	if c.config.passThrough {
		for _, item := range items {
			results = append(results, SetItemResult{Key: item.GetKey(), SetResult: SetResult{PassThrough: true}})
		}
		return results, nil
	}
	for len(items) > 0 {
		size := chunkOf(items)
		some, err := c.setBatch(ctx, items[:size], o)
		if err != nil {
			return results, err
		}
		results, items = append(results, some...), items[size:]
	}
	return results, nil
}

// chunkOf returns how many of the items one call may carry: at least one.
func chunkOf(items []*reprisev1.BatchSetItem) int {
	bytes := 0
	for i, item := range items {
		bytes += len(item.GetValue()) + len(item.GetKey())
		if i > 0 && (bytes > itemsBytesMax || i == itemsMax) {
			return i
		}
	}
	return len(items)
}

func (c *Client) setBatch(ctx context.Context, items []*reprisev1.BatchSetItem, o *callOptions) ([]SetItemResult, error) {
	keys := make([]string, len(items))
	for i, item := range items {
		keys[i] = item.GetKey()
	}
	request := &reprisev1.BatchSetRequest{Namespace: c.config.namespace, Items: items, RequestId: randomHex(16)}
	var response *reprisev1.BatchSetResponse
	var spent time.Duration
	err := c.change(ctx, rpc{op: "SetMany", timeout: o.timeout}, keys, func(ctx context.Context, extra ...grpc.CallOption) (token string, err error) {
		sent := c.now()
		response, err = c.cache.BatchSet(ctx, request, extra...)
		spent = c.now() - sent
		return response.GetToken(), err
	})
	if err != nil {
		return nil, err
	}
	results := make([]SetItemResult, len(items))
	for i, result := range response.GetResults()[:min(len(items), len(response.GetResults()))] {
		results[i] = setItemResult(result, response.GetToken(), spent)
	}
	return results, nil
}

func setItemResult(result *reprisev1.BatchSetResult, token string, spent time.Duration) SetItemResult {
	item := SetItemResult{Key: result.GetKey()}
	switch r := result.GetResult().(type) {
	case *reprisev1.BatchSetResult_Stored:
		item.SetResult = storedResult(r.Stored, spent)
		if !item.Local {
			item.Token = token
		}
	case *reprisev1.BatchSetResult_NotStored:
		item.SetResult = notStoredResult(r.NotStored)
	case *reprisev1.BatchSetResult_Error:
		item.Err = itemError("SetMany", r.Error)
	}
	return item
}

// DeleteMany removes entries, each with its own outcome, in the order of the keys. There is no atomicity.
func (c *Client) DeleteMany(ctx context.Context, keys []string, options ...DeleteOption) ([]DeleteItemResult, error) {
	o := collect(options)
	results := make([]DeleteItemResult, 0, len(keys))
	if c.config.passThrough {
		for _, key := range keys {
			results = append(results, DeleteItemResult{Key: key, DeleteResult: DeleteResult{PassThrough: true}})
		}
		return results, nil
	}
	for some := range slices.Chunk(keys, itemsMax) {
		deleted, err := c.deleteBatch(ctx, some, &o)
		if err != nil {
			return results, err
		}
		results = append(results, deleted...)
	}
	return results, nil
}

func (c *Client) deleteBatch(ctx context.Context, keys []string, o *callOptions) ([]DeleteItemResult, error) {
	request := &reprisev1.BatchDeleteRequest{Namespace: c.config.namespace, Keys: keys, RequestId: randomHex(16)}
	var response *reprisev1.BatchDeleteResponse
	err := c.change(ctx, rpc{op: "DeleteMany", timeout: o.timeout}, keys, func(ctx context.Context, extra ...grpc.CallOption) (token string, err error) {
		response, err = c.cache.BatchDelete(ctx, request, extra...)
		return response.GetToken(), err
	})
	if err != nil {
		return nil, err
	}
	results := make([]DeleteItemResult, len(keys))
	for i, result := range response.GetResults()[:min(len(keys), len(response.GetResults()))] {
		results[i] = DeleteItemResult{Key: result.GetKey()}
		if st := result.GetError(); st != nil {
			results[i].Err = itemError("DeleteMany", st)
		} else {
			results[i].DeleteResult = DeleteResult{Existed: result.GetExisted(), Token: response.GetToken()}
		}
	}
	return results, nil
}
