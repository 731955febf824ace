package reprise

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Kinds of errors that callers branch on, with [errors.Is]. An error may be of several kinds: a change whose deadline
// passed is both ErrDeadlineExceeded and ErrOutcomeUnknown.
var (
	// ErrUnavailable says that nobody answered, or that the store is away.
	ErrUnavailable = errors.New("reprise: unavailable")
	// ErrDeadlineExceeded says that no answer came in time. It is also a [context.DeadlineExceeded].
	ErrDeadlineExceeded = errors.New("reprise: deadline exceeded")
	// ErrOutcomeUnknown says that a change may have been applied: read before repeating it.
	ErrOutcomeUnknown = errors.New("reprise: outcome unknown")
	// ErrInvalidArgument says that the call can never succeed as it is.
	ErrInvalidArgument = errors.New("reprise: invalid argument")
	// ErrNotFound says that there is no such namespace.
	ErrNotFound = errors.New("reprise: not found")
	// ErrOverloaded says that the server, or a limit of it, is full: come back later.
	ErrOverloaded = errors.New("reprise: overloaded")
	// ErrCodec says that a value could not be turned into bytes, or bytes not into a value.
	ErrCodec = errors.New("reprise: codec")
	// ErrClosed says that the client was closed.
	ErrClosed = errors.New("reprise: client closed")
)

// ErrNothing is what a computation returns when the source has nothing under the key. GetOrCompute then returns a
// negative Lookup, and keeps it if [NegativeTTL] was given.
var ErrNothing = errors.New("reprise: the source has nothing here")

// Error is what every failed call returns, wrapped nowhere: find it with [errors.As], its kind with [errors.Is].
type Error struct {
	// Op is the call that failed, such as "Get".
	Op string
	// Code is the gRPC code.
	Code codes.Code
	// Reason is the name of an ErrorReason without its prefix, such as "TTL_OUT_OF_RANGE". Empty where none came.
	Reason string
	// Metadata holds the facts that came with the reason.
	Metadata map[string]string
	// RetryAfter is how long the server asks to wait. 0 if it does not say.
	RetryAfter time.Duration

	message      string
	cause        error
	mayHaveActed bool
	attemptSent  bool
}

// Error describes the failure without keys and values.
func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("reprise: %s: %s [%s]", e.Op, e.message, e.Code)
	}
	return fmt.Sprintf("reprise: %s: %s [%s]", e.Op, e.message, e.Reason)
}

// Unwrap returns what caused the failure: a gRPC status, or the context's error.
func (e *Error) Unwrap() error { return e.cause }

// Is tells whether the error is of a kind.
func (e *Error) Is(kind error) bool {
	switch kind {
	case ErrUnavailable:
		return e.Code == codes.Unavailable
	case ErrDeadlineExceeded, context.DeadlineExceeded:
		return e.Code == codes.DeadlineExceeded
	case context.Canceled:
		return e.Code == codes.Canceled
	case ErrOutcomeUnknown:
		return e.mayHaveActed || e.Reason == "OUTCOME_UNKNOWN"
	case ErrInvalidArgument:
		return e.Code == codes.InvalidArgument
	case ErrNotFound:
		return e.Code == codes.NotFound
	case ErrOverloaded:
		return isOverload(e.Reason)
	}
	return false
}

func isOverload(reason string) bool {
	switch reason {
	case "OVERLOADED", "REQUEST_IDS_FULL", "SUBSCRIPTIONS_FULL", "SPOOL_FULL":
		return true
	}
	return false
}

// CodecError says why a codec failed. It is of the kind [ErrCodec].
type CodecError struct {
	// ContentType is that of the bytes, or of the codec that was to make them.
	ContentType string
	// Err is what the codec said.
	Err error
}

// Error describes the failure.
func (e *CodecError) Error() string {
	return fmt.Sprintf("reprise: codec %q: %v", e.ContentType, e.Err)
}

// Unwrap returns what the codec said.
func (e *CodecError) Unwrap() error { return e.Err }

// Is tells whether kind is ErrCodec.
func (e *CodecError) Is(kind error) bool { return kind == ErrCodec }

func invalid(op, reason, message string) *Error {
	return &Error{Op: op, Code: codes.InvalidArgument, Reason: reason, message: message}
}

// fromStatus turns what gRPC returned into an Error.
func fromStatus(op string, err error) *Error {
	st := status.Convert(err)
	e := &Error{Op: op, Code: st.Code(), message: st.Message(), cause: err}
	e.readDetails(st)
	return e
}

func (e *Error) readDetails(st *status.Status) {
	for _, detail := range st.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			if d.GetDomain() == "reprise" {
				e.Reason, e.Metadata = d.GetReason(), maps.Clone(d.GetMetadata())
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = d.GetRetryDelay().AsDuration()
		}
	}
}

// isAway tells whether the cache is away, so that GetOrCompute goes on without it.
func isAway(err error) bool {
	return errors.Is(err, ErrUnavailable) || errors.Is(err, ErrDeadlineExceeded) || errors.Is(err, ErrOverloaded)
}
