package retry

import (
	"context"
	"testing"
	"time"
)

// Goal: ten retries are saved and a tenth is earned with each call. Method: spend all, earn one.
func TestBudget(t *testing.T) {
	b := NewBudget()
	b.Earn() // full: nothing is added
	spent := 0
	for b.Spend() {
		spent++
	}
	if spent != 10 {
		t.Errorf("spent %d, want 10", spent)
	}
	for range 9 {
		b.Earn()
	}
	if b.Spend() {
		t.Error("nine calls earned a retry")
	}
	b.Earn()
	b.Earn()
	if !b.Spend() {
		t.Error("eleven calls earned none")
	}
}

// Goal: the bound of the delay doubles to a maximum and begins anew. Method: no luck in the draw.
func TestBackoff(t *testing.T) {
	b := &Backoff{First: 25, Max: 100, Random: func() float64 { return 1 }}
	for _, want := range []time.Duration{25, 50, 100, 100} {
		if got := b.Next(); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	b.Reset()
	if got := b.Next(); got != 25 {
		t.Errorf("got %d after a reset, want 25", got)
	}
}

// Goal: nobody sleeps towards a deadline that comes first. Method: a delay beyond it, and a context that has ended.
func TestSleep(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	if Sleep(ctx, 2*time.Hour) {
		t.Error("slept beyond the deadline")
	}
	if !Sleep(ctx, time.Microsecond) {
		t.Error("did not sleep")
	}
	cancel()
	if Sleep(ctx, time.Minute) {
		t.Error("slept after the end")
	}
}
