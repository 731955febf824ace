// Package msgpack reads and writes values as MessagePack. It is a package of its own, so that programs without it do
// not depend on its library.
//
//	users := reprise.Typed[User](client, reprise.WithCodec(msgpack.Codec))
package msgpack

import (
	"bytes"
	"errors"
	"io"

	"github.com/vmihailenco/msgpack/v5"
	"reprise.dev/go"
)

// Codec is application/msgpack.
var Codec reprise.Codec = codec{}

type codec struct{}

func (codec) ContentType() string { return "application/msgpack" }

// Marshal writes small integers short, as the clients of other languages do.
func (codec) Marshal(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := msgpack.NewEncoder(&buffer)
	encoder.UseCompactInts(true)
	err := encoder.Encode(value)
	return buffer.Bytes(), err
}

func (codec) Unmarshal(data []byte, pointer any) error {
	decoder := msgpack.NewDecoder(bytes.NewReader(data))
	decoder.UseLooseInterfaceDecoding(true)
	if err := decoder.Decode(pointer); err != nil {
		return err
	}
	if _, err := decoder.PeekCode(); !errors.Is(err, io.EOF) {
		return errors.New("bytes after the value")
	}
	return nil
}
