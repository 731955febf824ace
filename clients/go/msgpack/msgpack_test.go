package msgpack

import (
	"bytes"
	"testing"
)

// Goal: the bytes are those that other languages write, and what is no MessagePack is an error. Method: known bytes.
func TestCodec(t *testing.T) {
	data, err := Codec.Marshal([]any{1, "a", nil, true})
	if want := []byte{0x94, 1, 0xa1, 'a', 0xc0, 0xc3}; err != nil || !bytes.Equal(data, want) {
		t.Errorf("got %x, %v", data, err)
	}
	var back struct {
		A int
		B []byte
	}
	if err := Codec.Unmarshal([]byte{0x82, 0xa1, 'A', 1, 0xa1, 'B', 0xc4, 1, 0xff}, &back); err != nil || back.A != 1 || back.B[0] != 0xff {
		t.Errorf("got %+v, %v", back, err)
	}
	var value any
	for _, bad := range [][]byte{nil, {0xc1}, {0xa2, 'a'}, {1, 2}} {
		if err := Codec.Unmarshal(bad, &value); err == nil {
			t.Errorf("%x became %v", bad, value)
		}
	}
}
