package reprise

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
	"reprise.dev/go/internal/retry"
)

const (
	reopenDelayFirst = 100 * time.Millisecond
	reopenDelayMax   = 5 * time.Second
	progressDefault  = time.Second
	silentIntervals  = 3
	openMax          = 5 * time.Second // until the first message of a stream
)

// errSilent says that nothing came for three progress intervals: the connection is dead, or as good as that.
var errSilent = errors.New("reprise: the stream was silent")

// follower keeps a stream of changes open, whatever ends it, and goes on after the newest token.
type follower struct {
	client  *Client
	request *reprisev1.SubscribeRequest
	// take is told of each message before its token is used.
	take func(*reprisev1.SubscribeResponse)
	// broken is told when the stream ended, and since when nothing was heard.
	broken func(since time.Duration, err error)

	token    string
	heard    time.Duration // when the newest message came
	comeBack time.Duration // GoingAway said so; 0 if it did not
}

// run returns nil when its context has ended, or the error that no retry heals.
func (f *follower) run(ctx context.Context) error {
	f.token = f.request.GetResumeToken()
	backoff := retry.NewBackoff(f.client.config.reopenDelay, reopenDelayMax)
	for {
		f.comeBack, f.heard = 0, f.client.now()
		began := f.heard
		err := f.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		f.broken(f.heard, err)
		if isFinal(err) {
			return err
		}
		if f.heard > began {
			backoff.Reset()
		}
		retry.Sleep(ctx, f.delay(err, backoff))
	}
}

func (f *follower) delay(err error, backoff *retry.Backoff) time.Duration {
	if f.comeBack > 0 {
		return f.comeBack
	}
	delay := backoff.Next()
	var failed *Error
	if errors.As(err, &failed) {
		delay += failed.RetryAfter
	}
	return delay
}

// once opens the stream and reads it to its end.
func (f *follower) once(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(openMax, func() { cancel(errSilent) })
	defer watchdog.Stop()
	ctx, err := f.client.withMetadata(ctx)
	if err != nil {
		return &Error{Op: "Subscribe", Code: codes.Unavailable, message: "no credential", cause: err}
	}
	request := proto.CloneOf(f.request)
	request.ResumeToken = f.token
	stream, err := f.client.changes.Subscribe(ctx, request)
	silence := silentIntervals * f.interval()
	for err == nil {
		var message *reprisev1.SubscribeResponse
		if message, err = stream.Recv(); err == nil {
			watchdog.Reset(silence)
			f.heard = f.client.now()
			if ready := message.GetReady(); ready.GetProgressInterval() != nil {
				silence = silentIntervals * ready.GetProgressInterval().AsDuration()
			}
			f.accept(message)
		}
	}
	if cause := context.Cause(ctx); errors.Is(cause, errSilent) {
		return cause
	}
	return fromStatus("Subscribe", err)
}

func (f *follower) accept(message *reprisev1.SubscribeResponse) {
	f.take(message)
	if token := tokenOf(message); token != "" {
		f.token = token
	}
	if away := message.GetGoingAway(); away != nil {
		f.comeBack = away.GetRetryAfter().AsDuration()
	}
}

func (f *follower) interval() time.Duration {
	if asked := f.request.GetProgressInterval(); asked != nil {
		return asked.AsDuration()
	}
	return progressDefault
}

func tokenOf(message *reprisev1.SubscribeResponse) string {
	switch e := message.GetEvent().(type) {
	case *reprisev1.SubscribeResponse_Ready:
		return e.Ready.GetToken()
	case *reprisev1.SubscribeResponse_Events:
		return e.Events.GetToken()
	case *reprisev1.SubscribeResponse_Progress:
		return e.Progress.GetToken()
	case *reprisev1.SubscribeResponse_Reset_:
		return e.Reset_.GetToken()
	case *reprisev1.SubscribeResponse_GoingAway:
		return e.GoingAway.GetToken()
	}
	return ""
}

// isFinal tells whether no retry heals what ended a stream.
func isFinal(err error) bool {
	var failed *Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code {
	case codes.InvalidArgument, codes.NotFound, codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented:
		return true
	}
	return false
}

func intervalOf(d time.Duration) *durationpb.Duration {
	if d <= 0 {
		return nil
	}
	return durationpb.New(d)
}
