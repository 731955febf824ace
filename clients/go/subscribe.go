package reprise

import (
	"context"
	"iter"
	"sync"
	"time"

	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

const (
	bufferDefault = 4096
	othersMax     = 1000 // messages that wait beside changes
)

// StreamState is how a subscription does.
type StreamState string

// The states of a subscription.
const (
	// StreamConnecting says that the stream has not begun yet.
	StreamConnecting StreamState = "CONNECTING"
	// StreamReady says that every matching change from here on is told.
	StreamReady StreamState = "READY"
	// StreamStale says that the stream is broken, or was silent for three intervals: changes may be late.
	StreamStale StreamState = "STALE"
	// StreamResetting says that changes may be missing: drop what was derived from them. READY follows.
	StreamResetting StreamState = "RESETTING"
	// StreamClosed says that the subscription has ended.
	StreamClosed StreamState = "CLOSED"
)

// MessageKind is what a message of a subscription is.
type MessageKind uint8

const (
	// MessageChange is one change.
	MessageChange MessageKind = iota + 1
	// MessageProgress says that nothing else happened up to its token.
	MessageProgress
	// MessageReset says that changes may be missing: drop what was derived from them.
	MessageReset
	// MessageState is a new state.
	MessageState
)

// Message is one message of a subscription.
type Message struct {
	// Kind says which of the fields is set.
	Kind MessageKind
	// Change is that of a MessageChange.
	Change Change
	// Reset is why changes may be missing: SLOW, HISTORY_GONE or TOKEN_UNUSABLE.
	Reset string
	// State is that of a MessageState.
	State StreamState
	// Token is where to go on after this message. Empty where only a later message has one.
	Token string
}

// Subscription is a stream of changes that goes on by itself after whatever ended it.
type Subscription struct {
	cancel    context.CancelFunc
	bufferMax int
	onState   func(StreamState)

	mu      sync.Mutex
	queue   []Message
	waiting int           // changes in the queue
	filled  chan struct{} // has room for one: something was put into the queue
	state   StreamState
	token   string // of what was taken
	ended   bool
	err     error
}

// Subscribe opens a stream of the namespace's changes. It ends with the context, with Close, or with what no retry
// heals; everything else it mends by itself, going on where it was.
//
// Take what comes with Changes or Messages. What is not taken waits in a bounded buffer.
func (c *Client) Subscribe(ctx context.Context, options ...SubscribeOption) *Subscription {
	config := subscribeConfig{request: &reprisev1.SubscribeRequest{Namespace: c.config.namespace}, bufferMax: bufferDefault}
	for _, o := range options {
		o(&config)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Subscription{
		cancel: cancel, bufferMax: config.bufferMax, onState: config.onState, filled: make(chan struct{}, 1),
		token: config.request.GetResumeToken(),
	}
	s.enter(StreamConnecting)
	stop := context.AfterFunc(c.life, cancel)
	if !c.goBackground(func() {
		defer stop()
		s.end(s.follow(ctx, c, config.request))
	}) {
		stop()
		s.end(ErrClosed)
	}
	return s
}

func (s *Subscription) follow(ctx context.Context, c *Client, request *reprisev1.SubscribeRequest) error {
	if c.config.passThrough {
		<-ctx.Done()
		return nil
	}
	f := &follower{client: c, request: request, take: s.take, broken: func(time.Duration, error) { s.enter(StreamStale) }}
	return f.run(ctx)
}

// Changes returns only what changed. The sequence ends when the subscription does; if that was an error, its last
// element is the error. Leaving the loop keeps the subscription open: call Close.
func (s *Subscription) Changes() iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for message, err := range s.Messages() {
			if err != nil {
				yield(Change{}, err)
				return
			}
			if message.Kind == MessageChange && !yield(message.Change, nil) {
				return
			}
		}
	}
}

// Messages returns everything: changes, progress, resets and states. It ends as Changes does.
func (s *Subscription) Messages() iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		for {
			message, ok := s.Next(context.Background())
			if !ok {
				if err := s.Err(); err != nil {
					yield(Message{}, err)
				}
				return
			}
			if !yield(message, nil) {
				return
			}
		}
	}
}

// Next waits for one message. ok is false if the subscription has ended and nothing waits any more, or if the context
// ended first.
func (s *Subscription) Next(ctx context.Context) (message Message, ok bool) {
	for {
		message, ok, ended := s.pop()
		if ok || ended {
			return message, ok
		}
		select {
		case <-s.filled:
		case <-ctx.Done():
			return Message{}, false
		}
	}
}

func (s *Subscription) pop() (message Message, ok, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		if s.ended {
			s.wake() // for other readers
		}
		return Message{}, false, s.ended
	}
	message, s.queue = s.queue[0], s.queue[1:]
	if message.Kind == MessageChange {
		s.waiting--
	}
	if message.Token != "" {
		s.token = message.Token
	}
	if len(s.queue) > 0 {
		s.wake()
	} else {
		s.queue = nil
	}
	return message, true, false
}

// State returns how the subscription does now.
func (s *Subscription) State() StreamState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Token returns where another subscription may go on: after all that was taken from this one.
func (s *Subscription) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// Err returns what no retry could heal, or nil.
func (s *Subscription) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close ends the subscription. What waits may still be taken.
func (s *Subscription) Close() { s.cancel() }

func (s *Subscription) end(err error) {
	s.cancel()
	s.enter(StreamClosed)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.err = true, err
	s.wake()
}

func (s *Subscription) take(message *reprisev1.SubscribeResponse) {
	token := tokenOf(message)
	switch e := message.GetEvent().(type) {
	case *reprisev1.SubscribeResponse_Ready:
		s.put(Message{Kind: MessageProgress, Token: token})
		s.enter(StreamReady)
	case *reprisev1.SubscribeResponse_Events:
		s.changes(e.Events.GetEvents(), token)
	case *reprisev1.SubscribeResponse_Progress:
		s.put(Message{Kind: MessageProgress, Token: token})
	case *reprisev1.SubscribeResponse_Reset_:
		s.reset(shortName(e.Reset_.GetReason().String(), "RESET_REASON_"), token)
	case *reprisev1.SubscribeResponse_GoingAway:
		s.put(Message{Kind: MessageProgress, Token: token})
	}
}

// reset says RESETTING around the message, and READY after it where the stream had begun; else Ready comes next.
func (s *Subscription) reset(reason, token string) {
	begun := s.State() == StreamReady
	s.enter(StreamResetting)
	s.put(Message{Kind: MessageReset, Reset: reason, Token: token})
	if begun {
		s.enter(StreamReady)
	}
}

// changes puts events into the queue. Only the last one has the token: it stands after all of them.
func (s *Subscription) changes(events []*reprisev1.Event, token string) {
	if s.overflows(len(events)) {
		s.reset("SLOW", token)
		return
	}
	for i, event := range events {
		message := Message{Kind: MessageChange, Change: changeOf(event)}
		if i == len(events)-1 {
			message.Token = token
		}
		s.put(message)
	}
}

// overflows drops everything that waits if there is no room for more.
func (s *Subscription) overflows(more int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting+more <= s.bufferMax {
		return false
	}
	s.queue, s.waiting = nil, 0
	return true
}

func (s *Subscription) put(message Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.queue) - 1
	switch {
	case last >= 0 && message.Kind == MessageProgress && s.queue[last].Kind == MessageProgress:
		s.queue[last] = message
	case last > s.bufferMax+othersMax: // nobody reads, and the stream comes and goes
		s.queue, s.waiting = []Message{{Kind: MessageReset, Reset: "SLOW"}, message}, 0
	default:
		s.queue = append(s.queue, message)
	}
	if message.Kind == MessageChange {
		s.waiting++
	}
	s.wake()
}

func (s *Subscription) wake() {
	select {
	case s.filled <- struct{}{}:
	default:
	}
}

// enter tells a new state to the callback and to the readers.
func (s *Subscription) enter(state StreamState) {
	s.mu.Lock()
	same := s.state == state
	s.state = state
	s.mu.Unlock()
	if same {
		return
	}
	s.put(Message{Kind: MessageState, State: state})
	if s.onState != nil {
		s.onState(state)
	}
}
