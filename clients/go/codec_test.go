package reprise_test

import (
	"errors"
	"math"
	"testing"

	"reprise.dev/go"
	"reprise.dev/go/internal/testserver"
	"reprise.dev/go/msgpack"
)

// Goal: JSON has one form, and what is no JSON is an error. Method: bytes of good values, errors of bad ones.
func TestJSON(t *testing.T) {
	for want, value := range map[string]any{
		`{"a":[1,null],"b":"<&ä>"}`: map[string]any{"a": []any{1, nil}, "b": "<&ä>"},
		`null`:                      nil,
		`0`:                         0,
		`""`:                        "",
		"\"\ufffd\"":                "\ufffd",
	} {
		if got, err := reprise.JSON.Marshal(value); err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v", value, got, err)
		}
	}
	for _, bad := range []any{math.NaN(), make(chan int), "\xff", []byte("x"), map[string][]any{"k": {&struct{ S string }{"\xff"}}}} {
		if got, err := reprise.JSON.Marshal(bad); err == nil {
			t.Errorf("%v became %s", bad, got)
		}
	}
	var text any
	for _, bad := range []string{"", "{", "1 2", "\"\xff\"", "NaN"} {
		if err := reprise.JSON.Unmarshal([]byte(bad), &text); err == nil {
			t.Errorf("%q became %v", bad, text)
		}
	}
}

// Goal: values are read by their content type, whatever the reader writes with; an unknown one is an error unless bytes
// were asked for. Method: every writer with every reader.
func TestCodecs(t *testing.T) {
	client := newSpace(t).client(reprise.WithCodecs(msgpack.Codec))
	ctx := testserver.Context(t)
	want := map[string]any{"name": "Ann", "n": "1"}
	for _, codec := range []reprise.Codec{reprise.JSON, msgpack.Codec} {
		writer := reprise.Typed[map[string]any](client, reprise.WithCodec(codec))
		must[reprise.SetResult](t)(writer.Set(ctx, codec.ContentType(), want))
		stored := must[reprise.Lookup[[]byte]](t)(client.Get(ctx, codec.ContentType()))
		equal(t, "content type", stored.ContentType, codec.ContentType())
		for _, reader := range []reprise.Codec{reprise.JSON, reprise.Raw, msgpack.Codec} {
			got := must[reprise.Lookup[map[string]any]](t)(reprise.Typed[map[string]any](client, reprise.WithCodec(reader)).Get(ctx, codec.ContentType()))
			equal(t, codec.ContentType()+" by "+reader.ContentType(), got.Value["name"], want["name"])
		}
	}
	must[reprise.SetResult](t)(reprise.Typed[string](client, reprise.WithCodec(reprise.Raw)).Set(ctx, "raw", "bytes"))
	equal(t, "raw by JSON", string(must[reprise.Lookup[[]byte]](t)(reprise.Typed[[]byte](client).Get(ctx, "raw")).Value), "bytes")
	_, err := reprise.Typed[int](client).Get(ctx, "raw")
	equal(t, "bytes are no number", errors.Is(err, reprise.ErrCodec), true)
	_, err = reprise.Typed[int](client, reprise.WithCodec(reprise.Raw)).Set(ctx, "raw", 1)
	equal(t, "a number is no bytes", errors.Is(err, reprise.ErrCodec), true)

	must[reprise.SetResult](t)(client.Set(ctx, "unknown", []byte("x"), reprise.ContentType("image/png")))
	_, err = reprise.Typed[any](client).Get(ctx, "unknown")
	var failed *reprise.CodecError
	equal(t, "unknown", errors.As(err, &failed) && failed.ContentType == "image/png", true)
	bytes := must[reprise.Lookup[any]](t)(reprise.Typed[any](client, reprise.WithUnknownAsBytes()).Get(ctx, "unknown"))
	equal(t, "asked for", string(bytes.Value.([]byte)), "x")
	many := must[[]reprise.GetItem[any]](t)(reprise.Typed[any](client).GetMany(ctx, []string{"unknown", "application/json"}))
	equal(t, "in a batch", errors.Is(many[0].Err, reprise.ErrCodec) && many[1].Err == nil, true)
	_, err = reprise.Typed[float64](client).SetMany(ctx, []reprise.SetItem[float64]{reprise.Item("nan", math.NaN())})
	equal(t, "NaN in a batch", errors.Is(err, reprise.ErrCodec), true)
}
