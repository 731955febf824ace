package reprise

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"reprise.dev/go/internal/retry"
)

const (
	triesMax        = 3
	retryDelayFirst = 25 * time.Millisecond
	retryDelayMax   = time.Second
)

// rpc is how a call is made.
type rpc struct {
	op      string
	change  bool // it may have been applied even if no answer came
	timeout time.Duration
	tries   int // 0: triesMax

	untraced bool // nobody asked for it
}

// invoke makes a call with its deadline, its metadata and its retries. try makes one attempt.
func (c *Client) invoke(ctx context.Context, call rpc, try func(context.Context, ...grpc.CallOption) error) error {
	began := c.now()
	ctx, cancel := context.WithTimeout(ctx, c.timeout(call.timeout))
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	c.budget.Earn()
	ctx, span := c.tracer.begin(ctx, call)
	err := c.attempts(ctx, call, try)
	ended(span, err)
	c.metrics.called(call.op, err, c.now()-began)
	if err == nil { // a typed nil is not nil
		return nil
	}
	return err
}

func (c *Client) timeout(asked time.Duration) time.Duration {
	if asked > 0 {
		return asked
	}
	return c.config.timeout
}

func (c *Client) attempts(ctx context.Context, call rpc, try func(context.Context, ...grpc.CallOption) error) *Error {
	backoff := retry.NewBackoff(retryDelayFirst, retryDelayMax)
	tries := call.tries
	if tries == 0 {
		tries = triesMax
	}
	mayHaveActed := false
	for n := 1; ; n++ {
		err := c.attempt(ctx, call, try)
		if err == nil {
			return nil
		}
		mayHaveActed = mayHaveActed || err.mayHaveActed
		err.mayHaveActed = mayHaveActed
		if n >= tries || !isRetriable(ctx, err) || !c.budget.Spend() {
			return err
		}
		if !retry.Sleep(ctx, err.RetryAfter+backoff.Next()) {
			return err
		}
	}
}

func (c *Client) attempt(ctx context.Context, call rpc, try func(context.Context, ...grpc.CallOption) error) *Error {
	ctx, err := c.withMetadata(ctx)
	if err != nil {
		return &Error{Op: call.op, Code: codes.Unauthenticated, message: "no credential", cause: err}
	}
	var server peer.Peer
	if err = try(ctx, grpc.Peer(&server)); err == nil {
		return nil
	}
	failed := fromStatus(call.op, err)
	failed.attemptSent = server.Addr != nil
	failed.mayHaveActed = call.change && failed.attemptSent && isAmbiguous(failed)
	if c.life.Err() != nil {
		failed.Code, failed.message, failed.cause = codes.Canceled, "the client was closed", ErrClosed
	}
	return failed
}

// isAmbiguous tells whether the server may have acted: it says so, or what failed was the way back.
func isAmbiguous(e *Error) bool {
	if e.Reason != "" {
		return e.Reason == "OUTCOME_UNKNOWN"
	}
	switch e.Code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Unknown, codes.Internal:
		return true
	}
	return false
}

// isRetriable tells whether another try may succeed. A stream that ended without a status has no reason and one of the
// codes that gRPC makes up.
func isRetriable(ctx context.Context, e *Error) bool {
	if ctx.Err() != nil || errors.Is(e, ErrClosed) {
		return false
	}
	switch e.Code {
	case codes.Unavailable:
		return true
	case codes.ResourceExhausted:
		return e.Reason == "OVERLOADED" || e.Reason == "REQUEST_IDS_FULL"
	case codes.Canceled, codes.Unknown, codes.Internal:
		return e.Reason == "" && e.attemptSent
	}
	return false
}

func (c *Client) withMetadata(ctx context.Context) (context.Context, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "reprise-origin", c.origin)
	if c.config.credential == nil {
		return ctx, nil
	}
	credential, err := c.config.credential(ctx)
	if err != nil {
		return ctx, err
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+credential), nil
}

// contextError is the error of a caller who stopped waiting.
func contextError(op string, ctx context.Context) *Error {
	code := codes.Canceled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		code = codes.DeadlineExceeded
	}
	return &Error{Op: op, Code: code, message: "the caller's context ended", cause: context.Cause(ctx)}
}
