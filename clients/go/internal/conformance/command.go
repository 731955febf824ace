package main

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"time"

	"reprise.dev/go"
)

// millis is a number of milliseconds; nil if it was not given.
type millis *float64

func duration(ms millis) time.Duration { return time.Duration(*ms * float64(time.Millisecond)) }

// command is a line of the runner: the union of all commands.
type command struct {
	ID           int64           `json:"id"`
	Do           string          `json:"do"`
	Client       string          `json:"client"`
	Subscription string          `json:"subscription"`
	Command      int64           `json:"command"`
	Commands     []command       `json:"commands"`
	Gate         string          `json:"gate"`
	Compute      json.RawMessage `json:"compute"`

	Targets      []string   `json:"targets"`
	Namespace    *string    `json:"namespace"`
	MaxLagMs     millis     `json:"maxLagMs"`
	PassThrough  bool       `json:"passThrough"`
	Batching     *bool      `json:"batching"`
	Codec        string     `json:"codec"`
	UnknownAsRaw bool       `json:"unknownAsRaw"`
	NearCache    *nearCache `json:"nearCache"`
	Insecure     bool       `json:"insecure"`
	Credential   *string    `json:"credential"`
	TLS          *struct {
		CA         string `json:"ca"`
		Cert       string `json:"cert"`
		Key        string `json:"key"`
		ServerName string `json:"serverName"`
	} `json:"tls"`

	Key           string     `json:"key"`
	Keys          []string   `json:"keys"`
	Value         *value     `json:"value"`
	Items         []command  `json:"items"`
	Negative      bool       `json:"negative"`
	DeadlineMs    millis     `json:"deadlineMs"`
	AllowStale    bool       `json:"allowStale"`
	WithTags      bool       `json:"withTags"`
	Latest        bool       `json:"latest"`
	AtLeast       []string   `json:"atLeast"`
	TTLMs         millis     `json:"ttlMs"`
	StaleWindowMs millis     `json:"staleWindowMs"`
	NegativeTTLMs millis     `json:"negativeTtlMs"`
	WaitMs        millis     `json:"waitMs"`
	StaleIfError  bool       `json:"staleIfError"`
	Tags          []string   `json:"tags"`
	Condition     *condition `json:"condition"`
	Delta         string     `json:"delta"`
	Initial       *string    `json:"initial"`

	Prefix      *string `json:"prefix"`
	All         bool    `json:"all"`
	Mode        string  `json:"mode"`
	DryRun      bool    `json:"dryRun"`
	AffectedMax *uint64 `json:"affectedMax"`
	Wait        string  `json:"wait"`

	Prefixes           []string `json:"prefixes"`
	Causes             []string `json:"causes"`
	IncludeOwn         bool     `json:"includeOwn"`
	ResumeToken        string   `json:"resumeToken"`
	ProgressIntervalMs millis   `json:"progressIntervalMs"`
	View               string   `json:"view"`
	Count              int      `json:"count"`
	Of                 []string `json:"of"`
	TimeoutMs          millis   `json:"timeoutMs"`
}

type nearCache struct {
	MaxLagMs       millis   `json:"maxLagMs"`
	MaxStalenessMs millis   `json:"maxStalenessMs"`
	EntriesMax     int      `json:"entriesMax"`
	BytesMax       int64    `json:"bytesMax"`
	Prefixes       []string `json:"prefixes"`
	ShareDecoded   bool     `json:"shareDecoded"`
}

type condition struct {
	Absent   bool    `json:"absent"`
	Present  bool    `json:"present"`
	Revision *string `json:"revision"`
	Fence    *string `json:"fence"`
}

func (c *condition) option() reprise.SetOption {
	switch {
	case c.Absent:
		return reprise.IfAbsent()
	case c.Present:
		return reprise.IfPresent()
	case c.Revision != nil:
		return reprise.IfRevision(*c.Revision)
	}
	return reprise.IfFence(*c.Fence)
}

// value is a value of the runner.
type value struct {
	JSON    json.RawMessage `json:"json"`
	Raw     *string         `json:"raw"`
	Special string          `json:"special"`
}

// native returns what the value stands for.
func (v *value) native() (any, error) {
	switch {
	case v.Special == "nan":
		return math.NaN(), nil
	case v.Raw != nil:
		return base64.StdEncoding.DecodeString(*v.Raw)
	}
	var native any
	err := json.Unmarshal(v.JSON, &native)
	return integers(native), err
}

// integers turns whole numbers into integers, as a program would have them.
func integers(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		for i := range v {
			v[i] = integers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = integers(v[key])
		}
	}
	return v
}

// told is a value as the runner wants it.
func told(v any) map[string]any {
	if bytes, ok := v.([]byte); ok {
		return map[string]any{"raw": base64.StdEncoding.EncodeToString(bytes)}
	}
	return map[string]any{"json": v}
}
