package reprise

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"reprise.dev/go/internal/near"
)

// flights joins callers of one process that ask for one key at the same time.
type flights struct {
	mu         sync.Mutex
	running    map[string]*flight
	refreshing map[string]struct{}
}

// flight is one lookup that several callers wait for.
type flight struct {
	done     chan struct{}
	answer   answer // with err and panicked, written before done is closed
	err      error
	panicked *panicValue

	waiting int // guarded by flights.mu
	cancel  context.CancelFunc
}

// panicValue is what a computation panicked with: every caller who waits for it panics with it too.
type panicValue struct {
	value any
	stack []byte
}

// String shows the value and where it came from.
func (p *panicValue) String() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

func newFlights() *flights {
	return &flights{running: map[string]*flight{}, refreshing: map[string]struct{}{}}
}

// do waits for the flight of a key, and starts it if there is none. What runs ends when nobody waits any more.
func (f *flights) do(ctx context.Context, c *Client, key string, run func(context.Context) (answer, error)) (answer, error) {
	joined := f.join(ctx, c, key, run)
	select {
	case <-joined.done:
	case <-ctx.Done():
		f.leave(key, joined)
		return answer{}, contextError("GetOrCompute", ctx)
	}
	if joined.panicked != nil {
		panic(joined.panicked)
	}
	return joined.answer, joined.err
}

func (f *flights) join(ctx context.Context, c *Client, key string, run func(context.Context) (answer, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if running := f.running[key]; running != nil {
		running.waiting++
		return running
	}
	detached, cancel := c.detach(ctx)
	started := &flight{done: make(chan struct{}), waiting: 1, cancel: cancel}
	f.running[key] = started
	go started.fly(detached, func() { f.landed(key, started) }, run)
	return started
}

// errGone is the outcome of a computation that ended its goroutine.
var errGone = errors.New("reprise: the computation ended its goroutine")

func (fl *flight) fly(ctx context.Context, landed func(), run func(context.Context) (answer, error)) {
	fl.err = errGone
	defer func() {
		if value := recover(); value != nil {
			fl.panicked = &panicValue{value, debug.Stack()}
		}
		fl.cancel()
		landed()
		close(fl.done)
	}()
	fl.answer, fl.err = run(ctx)
}

func (f *flights) landed(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running[key] == fl {
		delete(f.running, key)
	}
}

func (f *flights) leave(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl.waiting--; fl.waiting > 0 {
		return
	}
	fl.cancel()
	if f.running[key] == fl {
		delete(f.running, key)
	}
}

// forget lets later callers join no flight that began before one of these changes.
func (f *flights) forget(changes []near.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.running) == 0 {
		return
	}
	for _, change := range changes {
		if change.Target == near.TargetKey {
			delete(f.running, change.Name)
			continue
		}
		for key := range f.running {
			if change.Target != near.TargetPrefix || strings.HasPrefix(key, change.Name) {
				delete(f.running, key)
			}
		}
	}
}

// beginRefresh tells whether nobody in this process refreshes the key yet.
func (f *flights) beginRefresh(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, busy := f.refreshing[key]; busy {
		return false
	}
	f.refreshing[key] = struct{}{}
	return true
}

func (f *flights) endRefresh(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.refreshing, key)
}
