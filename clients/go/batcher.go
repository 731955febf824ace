package reprise

import (
	"context"
	"strings"
	"sync"
	"time"
)

const batchMax = 100

// batcher joins reads that come within a short time into one call.
type batcher struct {
	client *Client

	mu   sync.Mutex
	open map[batchKind]*batch
}

// batchKind is what reads must have in common to share a call.
type batchKind struct {
	allowStale, includeTags, latest bool
	atLeast                         string
	timeout                         time.Duration
}

type batch struct {
	kind    batchKind
	options *callOptions
	reads   []*batchRead
	timer   *time.Timer
}

type batchRead struct {
	ctx    context.Context
	key    string
	done   chan struct{}
	answer answer
	err    error
}

func newBatcher(c *Client) *batcher {
	return &batcher{client: c, open: map[batchKind]*batch{}}
}

func (b *batcher) get(ctx context.Context, key string, o *callOptions) (answer, error) {
	read := &batchRead{ctx: ctx, key: key, done: make(chan struct{})}
	b.add(read, o)
	select {
	case <-read.done:
		return read.answer, read.err
	case <-ctx.Done():
		return answer{}, contextError("Get", ctx)
	}
}

func (b *batcher) add(read *batchRead, o *callOptions) {
	kind := batchKind{o.allowStale, o.includeTags, o.latest, strings.Join(o.atLeast, "\x00"), o.timeout}
	b.mu.Lock()
	defer b.mu.Unlock()
	group := b.open[kind]
	if group == nil {
		group = &batch{kind: kind, options: o}
		b.open[kind] = group
		group.timer = time.AfterFunc(b.client.config.batchWindow, func() { b.due(group) })
	}
	group.reads = append(group.reads, read)
	if len(group.reads) == batchMax && group.timer.Stop() {
		delete(b.open, kind)
		go b.send(group)
	}
}

func (b *batcher) due(group *batch) {
	b.mu.Lock()
	if b.open[group.kind] == group {
		delete(b.open, group.kind)
	}
	b.mu.Unlock()
	b.send(group)
}

// send makes the call. Its context ends when all callers have left, not when one does.
func (b *batcher) send(group *batch) {
	ctx, cancel := b.client.detach(group.reads[0].ctx)
	defer cancel()
	abandon := leaveTogether(group.reads, cancel)
	defer abandon()
	if len(group.reads) == 1 {
		read := group.reads[0]
		read.answer, read.err = b.client.readThrough(ctx, read.key, group.options, nil)
		close(read.done)
		return
	}
	b.sendMany(ctx, group)
}

func (b *batcher) sendMany(ctx context.Context, group *batch) {
	keys := make([]string, len(group.reads))
	for i, read := range group.reads {
		keys[i] = read.key
	}
	found, _, err := b.client.readMany(ctx, keys, group.options)
	for i, read := range group.reads {
		if err != nil {
			read.err = err
		} else {
			read.answer, read.err = found[i].answer, found[i].err
		}
		close(read.done)
	}
}

// leaveTogether calls cancel when every reader's context has ended.
func leaveTogether(reads []*batchRead, cancel context.CancelFunc) (stop func()) {
	var mu sync.Mutex
	waiting := len(reads)
	stops := make([]func() bool, len(reads))
	for i, read := range reads {
		stops[i] = context.AfterFunc(read.ctx, func() {
			mu.Lock()
			defer mu.Unlock()
			if waiting--; waiting == 0 {
				cancel()
			}
		})
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// detach returns a context with the values of another one, which ends with the client instead of with it.
func (c *Client) detach(ctx context.Context) (context.Context, context.CancelFunc) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(c.life, cancel)
	return detached, func() { stop(); cancel() }
}
