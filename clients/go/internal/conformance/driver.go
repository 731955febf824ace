package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"reprise.dev/go"
	"reprise.dev/go/msgpack"
)

type object = map[string]any

var features = []string{
	"batching", "get_or_compute", "early_refresh", "subscribe", "near_cache", "pass_through", "codec_raw", "codec_msgpack",
	"cancel", "latest", "invalidate_options", "conditions", "deadline_per_call", "failover", "credential", "tls", "token",
}

// driver holds what the scenario has named.
type driver struct {
	running sync.Map // id → context.CancelFunc

	mu            sync.Mutex
	clients       map[string]*opened
	subscriptions map[string]*listener
	computes      map[string]*counts
	gates         map[string]chan struct{}
}

// opened is a client with the view that its codec asks for.
type opened struct {
	*reprise.Client
	view *reprise.TypedCache[any]
}

type counts struct{ begun, ended int }

func newDriver() *driver {
	d := &driver{}
	d.forget()
	return d
}

func (d *driver) forget() {
	d.clients, d.subscriptions = map[string]*opened{}, map[string]*listener{}
	d.computes, d.gates = map[string]*counts{}, map[string]chan struct{}{}
}

func (d *driver) run(ctx context.Context, c *command) answer {
	ok, err := d.do(ctx, c)
	if err != nil {
		return answer{Error: faultOf(err)}
	}
	return answer{OK: ok}
}

func (d *driver) do(ctx context.Context, c *command) (any, error) {
	switch c.Do {
	case "hello":
		return object{"language": "go", "features": features}, nil
	case "reset":
		d.reset()
		return object{}, nil
	case "parallel":
		return d.parallel(ctx, c.Commands), nil
	case "cancel":
		if cancel, ok := d.running.Load(c.Command); ok {
			cancel.(context.CancelFunc)()
		}
		return object{}, nil
	case "open":
		return d.open(ctx, c)
	case "release":
		d.release(c.Gate)
		return object{}, nil
	case "computed":
		return d.computed(c)
	case "take", "state", "unsubscribe":
		return d.listen(ctx, c)
	}
	client := d.client(c.Client)
	if client == nil {
		return nil, &fault{Kind: "Usage", Reason: "no such client"}
	}
	return d.call(ctx, client, c)
}

func (d *driver) parallel(ctx context.Context, commands []command) []answer {
	answers := make([]answer, len(commands))
	var all sync.WaitGroup
	for i := range commands {
		all.Go(func() { answers[i] = d.run(ctx, &commands[i]) })
	}
	all.Wait()
	return answers
}

func (d *driver) open(ctx context.Context, c *command) (any, error) {
	options := []reprise.Option{
		reprise.WithCodecs(msgpack.Codec),
		reprise.WithBackgroundError(func(err error) { fmt.Fprintln(os.Stderr, "in the background:", err) }),
	}
	options = append(options, connectOptions(c)...)
	client, err := reprise.Connect(ctx, strings.Join(c.Targets, ","), options...)
	if err != nil {
		return nil, err
	}
	codec := map[string]reprise.Codec{"": reprise.JSON, "json": reprise.JSON, "raw": reprise.Raw, "msgpack": msgpack.Codec}[c.Codec]
	typed := []reprise.TypedOption{reprise.WithCodec(codec)}
	if c.UnknownAsRaw {
		typed = append(typed, reprise.WithUnknownAsBytes())
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clients[c.Client] = &opened{client, reprise.Typed[any](client, typed...)}
	return object{"origin": client.Origin()}, nil
}

func connectOptions(c *command) (options []reprise.Option) {
	if c.Namespace != nil {
		options = append(options, reprise.WithNamespace(*c.Namespace))
	}
	if c.DeadlineMs != nil {
		options = append(options, reprise.WithTimeout(duration(c.DeadlineMs)))
	}
	if c.MaxLagMs != nil {
		options = append(options, reprise.WithMaxLag(duration(c.MaxLagMs)))
	}
	if c.PassThrough {
		options = append(options, reprise.WithPassThrough())
	}
	if c.Batching != nil && !*c.Batching {
		options = append(options, reprise.WithBatchWindow(0))
	}
	if c.Insecure {
		options = append(options, reprise.WithInsecure())
	}
	if c.Credential != nil {
		options = append(options, reprise.WithBearer(*c.Credential))
	}
	if c.TLS != nil {
		options = append(options, reprise.WithTLS(reprise.TLSOptions{CAFile: c.TLS.CA, CertFile: c.TLS.Cert, KeyFile: c.TLS.Key, ServerName: c.TLS.ServerName}))
	}
	if c.NearCache != nil {
		options = append(options, reprise.WithNearCache(c.NearCache.options()))
	}
	return options
}

func (n *nearCache) options() reprise.NearCacheOptions {
	o := reprise.NearCacheOptions{EntriesMax: n.EntriesMax, BytesMax: n.BytesMax, Prefixes: n.Prefixes, ShareDecoded: n.ShareDecoded}
	if n.MaxLagMs != nil {
		o.MaxLag = duration(n.MaxLagMs)
	}
	if n.MaxStalenessMs != nil {
		o.MaxStaleness = duration(n.MaxStalenessMs)
	}
	return o
}

func (d *driver) client(name string) *opened {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clients[name]
}

// reset closes everything and opens every gate.
func (d *driver) reset() {
	d.mu.Lock()
	clients, subscriptions, gates := d.clients, d.subscriptions, d.gates
	d.forget()
	d.mu.Unlock()
	for _, gate := range gates {
		open(gate)
	}
	for _, subscription := range subscriptions {
		subscription.Close()
	}
	for _, client := range clients {
		_ = client.Close()
	}
}

func (d *driver) gate(name string) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gates[name] == nil {
		d.gates[name] = make(chan struct{})
	}
	return d.gates[name]
}

func (d *driver) release(name string) {
	gate := d.gate(name)
	d.mu.Lock()
	defer d.mu.Unlock()
	open(gate)
}

func open(gate chan struct{}) {
	select {
	case <-gate:
	default:
		close(gate)
	}
}

func (d *driver) computed(c *command) (any, error) {
	var name string
	if err := json.Unmarshal(c.Compute, &name); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.count(name)
	return object{"begun": of.begun, "ended": of.ended}, nil
}

// count is called with mu held.
func (d *driver) count(name string) *counts {
	if d.computes[name] == nil {
		d.computes[name] = &counts{}
	}
	return d.computes[name]
}
