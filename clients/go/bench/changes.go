package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"reprise.dev/go"
)

const (
	changedKeys = 2000 // changed in turn
	probes      = 4    // follow a change each
	// So long before a change its probe reads the old value, so that the near cache has it: twice as long whenever that
	// was too late, a tenth shorter whenever it was not.
	leadMin     = 10 * time.Millisecond
	leadMax     = time.Second
	underWayMax = 32 // writes: a server that falls behind is asked for less
	seenWithin  = 10 * time.Second
)

// changes times the changes of one client, from their sending to the moment when the near cache of another one no
// longer serves the old value. Change n writes n to key n mod changedKeys, at a steady pace.
type changes struct {
	command        *command
	writer, reader *reprise.Client
	keys           []string
	last           int

	mu      sync.Mutex
	sentAt  []time.Time // by change; its length is the next change
	target  int         // that a probe follows, the newest
	lead    time.Duration
	samples []int64
	failed  error
}

func timeChanges(ctx context.Context, c *command) (timed, error) {
	ch := &changes{command: c, last: int(float64(c.Rate) * c.Seconds), lead: leadMin, samples: []int64{}}
	ch.sentAt = append(make([]time.Time, 0, ch.last+1), time.Now())
	for number := range changedKeys {
		ch.keys = append(ch.keys, fmt.Sprintf("changes:%d", number))
	}
	if err := ch.open(ctx); err != nil {
		return timed{}, err
	}
	defer func() { _, _ = ch.writer.Close(), ch.reader.Close() }()
	began := time.Now()
	var work sync.WaitGroup
	work.Go(func() { ch.note(ch.write(ctx)) })
	for range probes {
		work.Go(func() { ch.note(ch.probe(ctx)) })
	}
	work.Wait()
	return timed{SamplesUs: ch.samples, PerSecond: float64(ch.last) / time.Since(began).Seconds()}, ch.failed
}

func (ch *changes) open(ctx context.Context) (err error) {
	if ch.writer, err = connect(ctx, ch.command); err != nil {
		return err
	}
	items := make([]reprise.SetItem[[]byte], len(ch.keys))
	for i, key := range ch.keys {
		items[i] = reprise.Item(key, ch.value(0))
	}
	if _, err = ch.writer.SetMany(ctx, items); err == nil {
		ch.reader, err = connectNear(ctx, ch.command, ch.keys)
	}
	if err != nil {
		err = errors.Join(err, ch.writer.Close())
	}
	return err
}

func (ch *changes) write(ctx context.Context) error {
	began := time.Now()
	var work sync.WaitGroup
	slots := make(chan struct{}, underWayMax)
	for change := 1; change <= ch.last; change++ {
		time.Sleep(time.Until(began.Add(time.Duration(change) * time.Second / time.Duration(ch.command.Rate))))
		slots <- struct{}{}
		ch.sent()
		work.Go(func() {
			defer func() { <-slots }()
			_, err := ch.writer.Set(ctx, ch.key(change), ch.value(change))
			ch.note(err)
		})
	}
	work.Wait()
	return nil
}

// sent notes that a change is sent now.
func (ch *changes) sent() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.sentAt = append(ch.sentAt, time.Now())
}

func (ch *changes) probe(ctx context.Context) error {
	for {
		change, ok := ch.nextTarget()
		if !ok {
			return nil
		}
		if _, err := ch.look(ctx, change); err != nil {
			return err
		}
		if ch.isLate(change) {
			continue // it is not known whether the near cache ever had the old value
		}
		if err := ch.follow(ctx, change); err != nil {
			return err
		}
	}
}

func (ch *changes) follow(ctx context.Context, change int) error {
	for {
		looked := time.Now()
		seen, err := ch.look(ctx, change)
		if err != nil {
			return err
		}
		at, sent := ch.whenSent(change)
		switch {
		case seen >= change:
			if looked.After(at) {
				ch.record(looked.Sub(at))
			}
			return nil
		case looked.Sub(at) > seenWithin:
			return fmt.Errorf("a change was not seen, sent: %t", sent)
		}
		time.Sleep(lookEvery)
	}
}

func (ch *changes) nextTarget() (int, bool) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	soon := len(ch.sentAt) - 1 + int((ch.lead*time.Duration(ch.command.Rate)+time.Second-1)/time.Second)
	ch.target = max(ch.target+1, soon)
	return ch.target, ch.target <= ch.last && ch.failed == nil
}

// isLate tells whether a change was sent before its probe had read the old value.
func (ch *changes) isLate(change int) bool {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	late := change < len(ch.sentAt)
	if late {
		ch.lead = min(leadMax, ch.lead*2)
	} else {
		ch.lead = max(leadMin, ch.lead*9/10)
	}
	return late
}

// whenSent returns when a change was sent; of one that was not, when the newest was.
func (ch *changes) whenSent(change int) (time.Time, bool) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	newest := len(ch.sentAt) - 1
	return ch.sentAt[min(change, newest)], change <= newest
}

func (ch *changes) look(ctx context.Context, change int) (int, error) {
	found, err := ch.reader.Get(ctx, ch.key(change))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(found.Value))
}

func (ch *changes) record(took time.Duration) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.samples = append(ch.samples, took.Microseconds())
}

func (ch *changes) note(err error) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if ch.failed == nil {
		ch.failed = err
	}
}

func (ch *changes) key(change int) string { return ch.keys[change%changedKeys] }

func (ch *changes) value(change int) []byte {
	return fmt.Appendf(nil, "%0*d", ch.command.ValueBytes, change)
}
