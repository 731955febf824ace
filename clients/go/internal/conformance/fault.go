package main

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"reprise.dev/go"
)

// fault is an error as the runner wants it.
type fault struct {
	Kind   string `json:"kind"`
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// computationError is what a computation of the runner throws.
type computationError struct{ text string }

func (e computationError) Error() string { return e.text }

func (f *fault) Error() string { return f.Kind }

func faultOf(err error) *fault {
	var own *fault
	var thrown computationError
	var failed *reprise.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &thrown):
		return &fault{Kind: "Computation", Reason: thrown.text}
	case errors.Is(err, reprise.ErrCodec):
		return &fault{Kind: "CodecError"}
	case errors.Is(err, reprise.ErrClosed), errors.Is(err, context.Canceled):
		return &fault{Kind: "Cancelled"}
	case !errors.As(err, &failed):
		return &fault{Kind: "Usage", Reason: err.Error()}
	case failed.Op == "Connect":
		return &fault{Kind: "Usage", Reason: err.Error()}
	}
	return &fault{Kind: kindOf(err), Code: codeName(failed.Code), Reason: failed.Reason}
}

// kindOf names one kind: that a change may have been made matters more than why nobody knows.
func kindOf(err error) string {
	for _, kind := range []struct {
		name string
		is   error
	}{
		{"DeadlineExceeded", reprise.ErrDeadlineExceeded}, {"OutcomeUnknown", reprise.ErrOutcomeUnknown},
		{"Unavailable", reprise.ErrUnavailable}, {"InvalidArgument", reprise.ErrInvalidArgument},
		{"NotFound", reprise.ErrNotFound}, {"Overloaded", reprise.ErrOverloaded},
	} {
		if errors.Is(err, kind.is) {
			return kind.name
		}
	}
	return "RepriseError"
}

func codeName(code codes.Code) string {
	names := []string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
		"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
	}
	if int(code) < len(names) {
		return names[code]
	}
	return "UNKNOWN"
}
