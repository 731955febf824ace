package reprise

import (
	"context"
	"fmt"
	"maps"
)

// TypedCache is a view of a client in values of one type. It is cheap to make and safe for concurrent use.
type TypedCache[T any] struct {
	client         *Client
	codec          Codec
	codecs         codecSet
	unknownAsBytes bool
}

// TypedOption is an option of [Typed].
type TypedOption func(*typedConfig)

type typedConfig struct {
	codec          Codec
	unknownAsBytes bool
}

// WithCodec writes values with this codec, and reads its content type beside JSON and raw bytes. Default: [JSON].
func WithCodec(codec Codec) TypedOption { return func(c *typedConfig) { c.codec = codec } }

// WithUnknownAsBytes reads a content type that no codec knows as raw bytes, which needs a T of []byte, string or any.
// Default: an error.
func WithUnknownAsBytes() TypedOption { return func(c *typedConfig) { c.unknownAsBytes = true } }

// Typed returns a view of a client in values of one type.
//
// What is read is decoded by its content type, whatever codec the view writes with. What a caller gets has always been
// through the codec, also what GetOrCompute has just computed.
func Typed[T any](client *Client, options ...TypedOption) *TypedCache[T] {
	config := typedConfig{codec: JSON}
	for _, o := range options {
		o(&config)
	}
	codecs := maps.Clone(client.codecs)
	codecs[mediaType(config.codec.ContentType())] = config.codec
	return &TypedCache[T]{client: client, codec: config.codec, codecs: codecs, unknownAsBytes: config.unknownAsBytes}
}

// Client returns the client that the view is of.
func (t *TypedCache[T]) Client() *Client { return t.client }

// Get reads one entry. Concurrent reads with the same options share a call.
func (t *TypedCache[T]) Get(ctx context.Context, key string, options ...GetOption) (Lookup[T], error) {
	a, err := t.client.get(ctx, key, readOptions(options))
	if err != nil {
		return Lookup[T]{}, err
	}
	return t.lookup(&a)
}

// GetMany reads entries in the order of the keys, in as few calls as their number allows. An error means that nothing
// is known; an item's own Err, that this key could not be read or decoded.
func (t *TypedCache[T]) GetMany(ctx context.Context, keys []string, options ...GetOption) ([]GetItem[T], error) {
	o := collect(options)
	found, err := t.client.getMany(ctx, keys, &o)
	if err != nil {
		return nil, err
	}
	items := make([]GetItem[T], len(found))
	for i := range found {
		items[i] = GetItem[T]{Key: keys[i], Err: found[i].err}
		if found[i].err == nil {
			items[i].Lookup, items[i].Err = t.lookup(&found[i].answer)
		}
	}
	return items, nil
}

// Set writes an entry. A condition that does not hold is a result.
func (t *TypedCache[T]) Set(ctx context.Context, key string, value T, options ...SetOption) (SetResult, error) {
	data, err := t.encode(value)
	if err != nil {
		return SetResult{}, err
	}
	o := collect(options)
	o.contentType = t.contentType()
	return t.client.set(ctx, key, data, &o)
}

// SetMany writes entries, each with its own outcome, in as few calls as their number and size allow. If one can't be
// encoded, nothing is written.
func (t *TypedCache[T]) SetMany(ctx context.Context, items []SetItem[T], options ...DeleteOption) ([]SetItemResult, error) {
	encoded := make([]SetItem[[]byte], len(items))
	for i, item := range items {
		encoded[i] = SetItem[[]byte]{Key: item.Key, Negative: item.Negative, Options: t.withContentType(item.Options)}
		if item.Negative {
			continue
		}
		var err error
		if encoded[i].Value, err = t.encode(item.Value); err != nil {
			return nil, err
		}
	}
	return t.client.SetMany(ctx, encoded, options...)
}

func (t *TypedCache[T]) withContentType(options []SetOption) []SetOption {
	return append(append([]SetOption{}, options...), ContentType(t.codec.ContentType()))
}

// GetOrCompute reads an entry, or computes it when the cache has none, and keeps it; see [Client.GetOrCompute].
func (t *TypedCache[T]) GetOrCompute(ctx context.Context, key string, compute func(context.Context) (T, error), options ...ComputeOption) (Lookup[T], error) {
	o := collect(options)
	a, err := t.client.getOrCompute(ctx, key, &o, func(ctx context.Context) (payload, error) {
		value, err := compute(ctx)
		if err != nil {
			return payload{}, err
		}
		data, err := t.encode(value)
		return payload{data, t.codec.ContentType()}, err
	})
	if err != nil {
		return Lookup[T]{}, err
	}
	return t.lookup(&a)
}

func (t *TypedCache[T]) contentType() *string {
	name := t.codec.ContentType()
	return &name
}

func (t *TypedCache[T]) encode(value T) ([]byte, error) {
	data, err := t.codec.Marshal(value)
	if err != nil {
		return nil, &CodecError{ContentType: t.codec.ContentType(), Err: err}
	}
	return data, nil
}

// lookup decodes an answer, or takes the value that the near cache has already decoded.
func (t *TypedCache[T]) lookup(a *answer) (Lookup[T], error) {
	var value T
	if a.Kind != KindHit {
		return withValue(a.Lookup, value), nil
	}
	share := a.entry != nil && t.client.near.shares
	if share {
		if shared, ok := a.entry.Decoded().(sharedValue[T]); ok {
			return withValue(a.Lookup, shared.value), nil
		}
	}
	if err := t.decode(a, &value); err != nil {
		return Lookup[T]{}, err
	}
	if share {
		a.entry.SetDecoded(sharedValue[T]{value})
	}
	return withValue(a.Lookup, value), nil
}

// sharedValue tells a decoded value of this type from those of other views.
type sharedValue[T any] struct{ value T }

func (t *TypedCache[T]) decode(a *answer, value *T) error {
	codec := t.codecs[mediaType(a.ContentType)]
	if codec == nil && t.unknownAsBytes {
		codec = Raw
	}
	if codec == nil {
		return &CodecError{ContentType: a.ContentType, Err: fmt.Errorf("no codec for this content type")}
	}
	if err := codec.Unmarshal(a.Value, value); err != nil {
		return &CodecError{ContentType: a.ContentType, Err: err}
	}
	return nil
}
