package reprise

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Codec turns values into bytes and back.
type Codec interface {
	// ContentType names what Marshal makes.
	ContentType() string
	// Marshal returns the bytes of a value.
	Marshal(value any) ([]byte, error)
	// Unmarshal reads bytes into what a pointer points to.
	Unmarshal(data []byte, pointer any) error
}

var (
	// JSON is the default: application/json, UTF-8 without spaces, by the rules of encoding/json. What is no JSON, such
	// as NaN, bytes or a string that is not UTF-8, is an error.
	JSON Codec = jsonCodec{}
	// Raw is bytes and strings as they are: application/octet-stream.
	Raw Codec = rawCodec{}
)

type jsonCodec struct{}

func (jsonCodec) ContentType() string { return "application/json" }

func (jsonCodec) Marshal(value any) ([]byte, error) {
	if _, raw := value.([]byte); raw { // encoding/json would make base64 of it, which comes back as a string
		return nil, errors.New("bytes are no JSON: use Raw")
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	data := bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
	// encoding/json writes what is not UTF-8 as this escape, and says nothing.
	if bytes.Contains(data, []byte(`\ufffd`)) && holdsInvalidText(reflect.ValueOf(value), 0) {
		return nil, errors.New("a string is not UTF-8")
	}
	return data, nil
}

func (jsonCodec) Unmarshal(data []byte, pointer any) error {
	if !utf8.Valid(data) {
		return errors.New("not UTF-8")
	}
	return json.Unmarshal(data, pointer)
}

const depthMax = 100

// holdsInvalidText looks for a string that is not UTF-8.
func holdsInvalidText(v reflect.Value, depth int) bool {
	if depth > depthMax {
		return false
	}
	switch v.Kind() {
	case reflect.String:
		return !utf8.ValidString(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && holdsInvalidText(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if holdsInvalidText(v.Index(i), depth+1) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if holdsInvalidText(v.Field(i), depth+1) {
				return true
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if holdsInvalidText(entries.Key(), depth+1) || holdsInvalidText(entries.Value(), depth+1) {
				return true
			}
		}
	}
	return false
}

type rawCodec struct{}

func (rawCodec) ContentType() string { return "application/octet-stream" }

func (rawCodec) Marshal(value any) ([]byte, error) {
	switch v := value.(type) {
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	}
	return nil, fmt.Errorf("a %T is neither bytes nor a string", value)
}

func (rawCodec) Unmarshal(data []byte, pointer any) error {
	switch p := pointer.(type) {
	case *[]byte:
		*p = append([]byte{}, data...)
	case *string:
		*p = string(data)
	case *any:
		*p = append([]byte{}, data...)
	default:
		return fmt.Errorf("bytes don't fit into a %T", pointer)
	}
	return nil
}

// codecSet finds a codec by content type.
type codecSet map[string]Codec

func newCodecSet(more []Codec) codecSet {
	set := codecSet{}
	for _, codec := range append([]Codec{JSON, Raw}, more...) {
		set[mediaType(codec.ContentType())] = codec
	}
	// Counters are decimal text, which is JSON too.
	set["text/plain"] = textCodec{}
	return set
}

// mediaType is a content type without its parameters.
func mediaType(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// textCodec reads text, such as the decimal number of a counter.
type textCodec struct{}

func (textCodec) ContentType() string { return "text/plain" }

func (textCodec) Marshal(value any) ([]byte, error) { return rawCodec{}.Marshal(value) }

func (textCodec) Unmarshal(data []byte, pointer any) error {
	switch p := pointer.(type) {
	case *[]byte:
		*p = append([]byte{}, data...)
		return nil
	case *string:
		*p = string(data)
		return nil
	case *any:
		*p = string(data)
		return nil
	}
	return JSON.Unmarshal(data, pointer)
}
