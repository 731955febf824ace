package reprise_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"reprise.dev/go"
	"reprise.dev/go/internal/testserver"
)

// Goal: a connection that is dead without anybody having closed it holds no call beyond its deadline, and is given up
// within the bound. Method: a proxy that swallows everything, and pings that come sooner than by default.
func TestDeadConnection(t *testing.T) {
	equal(t, "bound", reprise.KeepaliveBound(), 15*time.Second)
	s := newSpace(t)
	proxy := newProxy(t, server.Address)
	client := connect(t, proxy.address, reprise.WithNamespace(s.name), reprise.WithKeepalive(200*time.Millisecond, time.Second))
	ctx := testserver.Context(t)
	must[reprise.SetResult](t)(client.Set(ctx, "k", []byte("v"), reprise.Timeout(testserver.Patience)))
	proxy.swallow()
	_, err := client.Get(ctx, "k", reprise.Timeout(300*time.Millisecond))
	equal(t, "in time", errors.Is(err, reprise.ErrDeadlineExceeded), true)
	testserver.Await(t, "the connection is given up", func() bool {
		_, _ = client.Get(ctx, "k", reprise.Timeout(300*time.Millisecond))
		return proxy.given.Load() > 0
	})
	testserver.Await(t, "it comes back", func() bool {
		found, err := client.Get(ctx, "k")
		return err == nil && found.Hit()
	})
}

// reconnectsVariable sets how often TestReconnects cuts the connection.
const reconnectsVariable = "REPRISE_RECONNECTS"

// Goal: connections that break leave nothing behind. Method: cut them again and again, with a stream and a near cache on
// them, and compare goroutines and heap with what they were after the first few.
func TestReconnects(t *testing.T) {
	cuts := 100
	if asked, err := strconv.Atoi(os.Getenv(reconnectsVariable)); err == nil {
		cuts = asked
	}
	s := newSpace(t)
	proxy := newProxy(t, server.Address)
	client := connect(t, proxy.address, reprise.WithNamespace(s.name), reprise.WithTimeout(testserver.Patience),
		reprise.WithReopenDelay(time.Millisecond), reprise.WithNearCache(reprise.NearCacheOptions{}))
	changes := client.Subscribe(context.Background())
	told := make(chan string, 1000)
	go func() {
		defer close(told)
		for change, err := range changes.Changes() {
			if err != nil {
				return
			}
			told <- change.Key
		}
	}()
	t.Cleanup(func() {
		changes.Close()
		for range told {
		}
	})
	other := s.client()
	cut := func(times int) {
		for i := range times {
			proxy.cut()
			reconnected(t, client, other, told, fmt.Sprint(i))
		}
	}
	testserver.Await(t, "the stream is open", func() bool {
		must[reprise.SetResult](t)(other.Set(context.Background(), "begin", nil))
		return len(told) > 0
	})
	cut(20)
	goroutines, heap := settled()
	began := time.Now()
	cut(cuts)
	t.Logf("%d cuts in %v", cuts, time.Since(began))
	var goroutinesNow int
	var heapNow uint64
	testserver.Await(t, "as many goroutines as before", func() bool {
		goroutinesNow, heapNow = settled()
		return goroutinesNow <= goroutines+5
	})
	t.Logf("goroutines: %d, then %d; heap: %d KiB, then %d KiB", goroutines, goroutinesNow, heap>>10, heapNow>>10)
	if heapNow > heap+2<<20 {
		t.Errorf("the heap grew from %d to %d KiB", heap>>10, heapNow>>10)
	}
}

// reconnected waits until a read is answered, and the stream tells of a change.
func reconnected(t *testing.T, client, other *reprise.Client, told <-chan string, key string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testserver.Patience)
	defer cancel()
	must[reprise.SetResult](t)(other.Set(ctx, key, nil))
	testserver.Await(t, "a read", func() bool {
		_, err := client.Get(ctx, key)
		return err == nil
	})
	for {
		select {
		case newest := <-told:
			if newest == key {
				return
			}
		case <-ctx.Done():
			t.Fatal("the stream did not come back")
		}
	}
}

func settled() (goroutines int, heapBytes uint64) {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return runtime.NumGoroutine(), stats.HeapAlloc
}

// proxy passes bytes on, until it is told to swallow those of its connections or to cut them.
type proxy struct {
	address string
	accepts atomic.Int32 // connections so far
	silent  atomic.Int32 // so many of them, from the first on, carry nothing
	given   atomic.Int32 // connections that their client gave up
	conns   chan net.Conn
}

func newProxy(t *testing.T, target string) *proxy {
	listener := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	p := &proxy{address: listener.Addr().String(), conns: make(chan net.Conn, 100)}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", target)
			if err != nil {
				_ = from.Close()
				continue
			}
			p.conns <- from
			p.conns <- to
			number := p.accepts.Add(1)
			go func() {
				p.copy(from, to, number)
				p.given.Add(1)
			}()
			go p.copy(to, from, number)
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); p.cut() })
	return p
}

// swallow lets all connections that are open now carry nothing any more.
func (p *proxy) swallow() { p.silent.Store(p.accepts.Load()) }

func (p *proxy) copy(from, to net.Conn, number int32) {
	defer func() { _ = from.Close(); _ = to.Close() }()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if number > p.silent.Load() {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
}

func (p *proxy) cut() {
	for {
		select {
		case conn := <-p.conns:
			_ = conn.Close()
		default:
			return
		}
	}
}
