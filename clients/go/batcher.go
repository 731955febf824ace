package reprise

import (
	"context"
	"strings"
	"sync"
	"time"
)

// batchMax is how many reads share a call at most; more begin the next batch.
const batchMax = 100

// batcher joins reads into calls. A read that finds none of its kind on the way goes out at once, so that a program that
// reads one key after another never waits. Those that come meanwhile collect, and go out together when a call returns,
// when the window of the first of them ends, or when they are a hundred. After Nagle, "Congestion Control in IP/TCP
// Internetworks", RFC 896, 1984; changed: the window bounds the wait, however slow the call on the way is.
type batcher struct {
	client *Client

	mu    sync.Mutex
	lanes map[batchKind]*lane // those with a call on the way
}

// batchKind is what reads must have in common to share a call.
type batchKind struct {
	allowStale, includeTags, latest bool
	atLeast                         string
	timeout                         time.Duration
}

// lane is what is on the way, and what waits, of one kind. It is guarded by batcher.mu.
type lane struct {
	kind     batchKind
	onTheWay int
	open     *batch // nil if no read waits
}

type batch struct {
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
	return &batcher{client: c, lanes: map[batchKind]*lane{}}
}

func (b *batcher) get(ctx context.Context, key string, o *callOptions) (answer, error) {
	l, read := b.join(ctx, key, o)
	if read == nil {
		defer b.landed(l)
		return b.client.readThrough(ctx, key, o, nil)
	}
	select {
	case <-read.done:
		return read.answer, read.err
	case <-ctx.Done():
		return answer{}, contextError("Get", ctx)
	}
}

// join adds a read to those that wait, or returns none if the caller is to make the call, and then tell that it landed.
func (b *batcher) join(ctx context.Context, key string, o *callOptions) (*lane, *batchRead) {
	kind := batchKind{o.allowStale, o.includeTags, o.latest, strings.Join(o.atLeast, "\x00"), o.timeout}
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.lanes[kind]
	if l == nil {
		l = &lane{kind: kind, onTheWay: 1}
		b.lanes[kind] = l
		return l, nil
	}
	read := &batchRead{ctx: ctx, key: key, done: make(chan struct{})}
	if l.open == nil {
		l.open = b.opened(l, o)
	}
	l.open.reads = append(l.open.reads, read)
	if len(l.open.reads) == batchMax {
		b.launch(l)
	}
	return l, read
}

func (b *batcher) opened(l *lane, o *callOptions) *batch {
	group := &batch{options: o}
	group.timer = time.AfterFunc(b.client.config.batchWindow, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if l.open == group {
			b.launch(l)
		}
	})
	return group
}

// launch sends what waits. b.mu is held: so nothing can be added to a batch that is taken, whether or not its timer has
// fired meanwhile.
func (b *batcher) launch(l *lane) {
	group := l.open
	group.timer.Stop()
	l.open = nil
	l.onTheWay++
	go b.send(l, group)
}

// landed says that a call has returned: those who waited for it go out.
func (b *batcher) landed(l *lane) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.onTheWay--
	switch {
	case l.open != nil:
		b.launch(l)
	case l.onTheWay == 0:
		delete(b.lanes, l.kind)
	}
}

// send makes the call. Its context ends when all callers have left, not when one does.
func (b *batcher) send(l *lane, group *batch) {
	ctx, cancel := b.client.detach(group.reads[0].ctx)
	defer cancel()
	abandon := leaveTogether(group.reads, cancel)
	defer abandon()
	b.call(ctx, group)
	b.landed(l) // before anybody is told: whoever reads again at once need not wait for this call
	for _, read := range group.reads {
		close(read.done)
	}
}

func (b *batcher) call(ctx context.Context, group *batch) {
	if len(group.reads) == 1 {
		read := group.reads[0]
		read.answer, read.err = b.client.readThrough(ctx, read.key, group.options, nil)
		return
	}
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
