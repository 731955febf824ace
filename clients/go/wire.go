package reprise

import (
	"strings"
	"time"

	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

var empty = &emptypb.Empty{}

func durationOf(d *time.Duration) *durationpb.Duration {
	if d == nil {
		return nil
	}
	return durationpb.New(*d)
}

// shortName takes the prefix that every value of a proto enum has off its name.
func shortName(name, prefix string) string { return strings.TrimPrefix(name, prefix) }

// left is what of a duration is left after a time that was spent, never below 0.
func left(d *durationpb.Duration, spent time.Duration) time.Duration {
	return max(d.AsDuration()-spent, 0)
}

func itemError(op string, st *rpcstatus.Status) *Error {
	return fromStatus(op, status.FromProto(st).Err())
}

func storedResult(s *reprisev1.Stored, spent time.Duration) SetResult {
	return SetResult{
		Stored: true, Revision: s.GetRevision(), Token: s.GetToken(), FreshFor: left(s.GetFreshFor(), spent),
		KeepFor: left(s.GetKeepFor(), spent), ExpireTime: s.GetExpireTime().AsTime(), Local: s.GetLocal(),
	}
}

func notStoredResult(n *reprisev1.NotStored) SetResult {
	return SetResult{
		Reason:   NotStoredReason(shortName(n.GetReason().String(), "NOT_STORED_REASON_")),
		Revision: n.GetRevision(),
	}
}
