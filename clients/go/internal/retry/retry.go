// Package retry decides whether and when a call is tried again.
package retry

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	budgetMax  = 10.0
	earnedEach = 0.1
)

// Budget bounds the retries of a client to a tenth of its calls, with ten saved, so that retries never multiply the
// load of a server that is in trouble.
type Budget struct {
	mu    sync.Mutex
	saved float64
}

// NewBudget returns a full budget.
func NewBudget() *Budget { return &Budget{saved: budgetMax} }

// Earn is called with each call.
func (b *Budget) Earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.saved = min(b.saved+earnedEach, budgetMax)
}

// Spend tells whether a retry may be made, and takes it.
func (b *Budget) Spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saved < 1 {
		return false
	}
	b.saved--
	return true
}

// Backoff is a growing random delay: full jitter up to a bound that doubles.
type Backoff struct {
	// First is the bound of the first delay, Max that of all.
	First, Max time.Duration
	// Random returns a number in [0, 1).
	Random func() float64

	bound time.Duration
}

// NewBackoff returns a backoff from first, doubling to most.
func NewBackoff(first, most time.Duration) *Backoff {
	return &Backoff{First: first, Max: most, Random: rand.Float64}
}

// Next returns the next delay.
func (b *Backoff) Next() time.Duration {
	if b.bound == 0 {
		b.bound = b.First
	}
	delay := time.Duration(b.Random() * float64(b.bound))
	b.bound = min(2*b.bound, b.Max)
	return delay
}

// Reset begins anew, after a success.
func (b *Backoff) Reset() { b.bound = 0 }

// Sleep waits, or returns false if the context ends first or is known to end before.
func Sleep(ctx context.Context, delay time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return false
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
