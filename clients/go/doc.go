// Package reprise is a client of Reprise, a cache that programs use over gRPC.
//
//	client, err := reprise.Connect(ctx, "127.0.0.1:7171")
//	users := reprise.Typed[User](client)
//	user, err := users.GetOrCompute(ctx, "user:7", loadUser, reprise.TTL(time.Minute))
//
// A read has four different answers: a hit (which may be nil, zero or empty), a negative (the source has nothing
// here), a miss (the cache has nothing), and an error. A miss, a condition that failed and a lost race are results,
// never errors.
//
// A [Client] speaks in bytes; a [TypedCache] in values of one type, through a [Codec]. All methods are safe for
// concurrent use. Everything that waits takes a context and ends with it.
package reprise
