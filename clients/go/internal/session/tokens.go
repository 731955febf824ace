// Package session remembers the tokens of a client's own changes, so that its reads are never older than its writes.
package session

import (
	"container/list"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	keysMax          = 1024
	invalidationsMax = 8
	perKeyMax        = 4
	// TokensMax is how many tokens a read may carry.
	TokensMax = 16
)

// Selector is what an invalidation covered: keys, a prefix, or with neither anything.
type Selector struct {
	// Keys are single keys.
	Keys []string
	// Prefix covers the keys that begin with it.
	Prefix string
}

func (s Selector) concerns(key string) bool {
	if len(s.Keys) > 0 {
		return slices.Contains(s.Keys, key)
	}
	return strings.HasPrefix(key, s.Prefix)
}

// Tokens holds tokens for a while. After that no node serves anything older in any case.
type Tokens struct {
	hold time.Duration
	now  func() time.Duration

	mu            sync.Mutex
	keys          map[string]*list.Element // of *keyTokens
	queue         *list.List               // of *keyTokens, the one that was written first in front
	invalidations []invalidation
	latestUntil   time.Duration // reads ask for the latest until then, because tokens were forgotten for want of room
}

type keyTokens struct {
	key    string
	tokens []string
	acked  time.Duration
	latest bool // too many writes at once
}

type invalidation struct {
	selector Selector
	token    string
	acked    time.Duration
}

// New returns an empty memory that holds each token for a time. now must be monotonic.
func New(hold time.Duration, now func() time.Duration) *Tokens {
	return &Tokens{hold: hold, now: now, keys: map[string]*list.Element{}, queue: list.New(), latestUntil: -1}
}

// Wrote remembers the token of a write that was sent at a moment and is acknowledged now.
func (t *Tokens) Wrote(key, token string, sent time.Duration) {
	if token == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	known := t.keys[key]
	if known == nil {
		known = t.queue.PushBack(&keyTokens{key: key})
		t.keys[key] = known
	}
	known.Value.(*keyTokens).add(token, sent, t.now())
	t.queue.MoveToBack(known)
	if len(t.keys) > keysMax {
		t.latestUntil = max(t.latestUntil, t.forgetOldest().acked+t.hold)
	}
}

func (t *Tokens) forgetOldest() *keyTokens {
	oldest := t.queue.Remove(t.queue.Front()).(*keyTokens)
	delete(t.keys, oldest.key)
	return oldest
}

// add replaces the older token, but keeps one that was acknowledged while this write was on its way: nobody knows which
// of the two came first.
func (k *keyTokens) add(token string, sent, now time.Duration) {
	if len(k.tokens) > 0 && k.acked >= sent {
		k.tokens = append(k.tokens, token)
		k.latest = k.latest || len(k.tokens) > perKeyMax
	} else {
		k.tokens, k.latest = []string{token}, false
	}
	if k.latest {
		k.tokens = k.tokens[len(k.tokens)-1:]
	}
	k.acked = now
}

// Invalidated remembers the token of an invalidation that is acknowledged now.
func (t *Tokens) Invalidated(selector Selector, token string) {
	if token == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	t.invalidations = append(t.invalidations, invalidation{selector, token, t.now()})
	if len(t.invalidations) > invalidationsMax {
		t.latestUntil = max(t.latestUntil, t.invalidations[0].acked+t.hold)
		t.invalidations = t.invalidations[1:]
	}
}

// For returns the tokens that a read of keys must carry, or that it must ask for the latest.
func (t *Tokens) For(keys ...string) (tokens []string, latest bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	if t.now() <= t.latestUntil {
		return nil, true
	}
	for _, key := range keys {
		if element := t.keys[key]; element != nil {
			known := element.Value.(*keyTokens)
			if known.latest {
				return nil, true
			}
			tokens = appendNew(tokens, known.tokens...)
		}
	}
	for _, inv := range t.invalidations {
		if slices.ContainsFunc(keys, inv.selector.concerns) {
			tokens = appendNew(tokens, inv.token)
		}
	}
	if len(tokens) > TokensMax {
		return nil, true
	}
	return tokens, false
}

func appendNew(tokens []string, more ...string) []string {
	for _, token := range more {
		if !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// Drop forgets everything: a token was unusable, so the history that they belong to has ended.
func (t *Tokens) Drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.keys)
	t.queue.Init()
	t.invalidations, t.latestUntil = nil, -1
}

func (t *Tokens) purge() {
	old := t.now() - t.hold
	for t.queue.Len() > 0 && t.queue.Front().Value.(*keyTokens).acked < old {
		t.forgetOldest()
	}
	for len(t.invalidations) > 0 && t.invalidations[0].acked < old {
		t.invalidations = t.invalidations[1:]
	}
}
