package near

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

const benchKeys = 1000

func benchCache(b *testing.B) (*Cache, []string) {
	began := time.Now()
	c := New(Options{MaxLag: time.Hour}, func() time.Duration { return time.Since(began) })
	c.Connected("t")
	c.HeadAnswer(c.now(), "", "h", 0, false)
	c.HeadAnswer(c.now(), "h", "h", 0, true)
	keys := make([]string, benchKeys)
	for i := range keys {
		keys[i] = fmt.Sprintf("user:%d", i)
		read := Read{Entry: &Entry{Value: make([]byte, 100), Revision: "1"}, FreshFor: time.Hour}
		if !c.Keep(c.Begin(keys[i]), keys[i], read) {
			b.Fatal("not kept")
		}
	}
	return c, keys
}

// BenchmarkHit is a hit of the near cache; compare with BenchmarkMap.
func BenchmarkHit(b *testing.B) {
	c, keys := benchCache(b)
	for i := 0; b.Loop(); i++ {
		if e, _ := c.Get(keys[i%benchKeys]); e == nil {
			b.Fatal("missed")
		}
	}
}

// BenchmarkHitParallel is the same from all cores.
func BenchmarkHitParallel(b *testing.B) {
	c, keys := benchCache(b)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if e, _ := c.Get(keys[i%benchKeys]); e == nil {
				b.Error("missed")
			}
		}
	})
}

// BenchmarkMap is the least that any cache must do: a map behind a mutex.
func BenchmarkMap(b *testing.B) {
	var mu sync.Mutex
	m := map[string][]byte{}
	_, keys := benchCache(b)
	for _, key := range keys {
		m[key] = make([]byte, 100)
	}
	for i := 0; b.Loop(); i++ {
		mu.Lock()
		value := m[keys[i%benchKeys]]
		mu.Unlock()
		if value == nil {
			b.Fatal("missed")
		}
	}
}
