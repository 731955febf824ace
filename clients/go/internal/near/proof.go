package near

import "time"

// proof knows until when the stream is proven to have told everything.
type proof struct {
	maxLag, maxStaleness time.Duration

	proven      time.Duration // everything acknowledged before it was told; never without a proof
	awaitedHead string        // the head that the stream has to reach; empty if none is awaited
	awaitedAt   time.Duration // what is proven when it has
	broken      bool
	brokenAt    time.Duration
}

// serveUntil returns the last moment at which an entry may be served.
func (p *proof) serveUntil() time.Duration {
	if p.proven == never {
		return never
	}
	until := p.proven + p.maxLag
	if !p.broken {
		return until
	}
	if p.maxStaleness <= 0 {
		return never
	}
	return min(until, p.brokenAt) + p.maxStaleness
}

func (p *proof) forget() {
	p.proven, p.awaitedHead = never, ""
}

func (p *proof) answer(asked, head string, at time.Duration, covered bool, now time.Duration) (proved bool) {
	if covered && asked != "" && asked == p.awaitedHead {
		p.proven, p.awaitedHead, proved = max(p.proven, p.awaitedAt), "", true
	}
	if p.awaitedHead == "" || now-p.awaitedAt > p.maxLag {
		p.awaitedHead, p.awaitedAt = head, at
	}
	return proved
}

// HeadRequest says what to ask GetHead for: the stream's newest token, and the head that is awaited. ok is false while
// there is no stream whose token could prove anything.
func (c *Cache) HeadRequest() (streamToken, earlierHead string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token, c.proof.awaitedHead, c.token != "" && !c.proof.broken
}

// HeadAnswer takes what GetHead answered to a request that was sent at a moment and asked for an earlier head.
func (c *Cache) HeadAnswer(sent time.Duration, asked, head string, age time.Duration, covered bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proof.answer(asked, head, sent-age, covered, c.now()) {
		c.stats.Proofs++
	}
	c.refreshServing()
}

// Connected says that the stream goes on, from a token.
func (c *Cache) Connected(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token, c.proof.broken = token, false
	c.refreshServing()
}

// Broken says that the stream broke at a moment.
func (c *Cache) Broken(at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.proof.broken {
		c.proof.broken, c.proof.brokenAt = true, at
	}
	c.refreshServing()
}

func (c *Cache) refreshServing() { c.serveUntil.Store(int64(c.proof.serveUntil())) }
