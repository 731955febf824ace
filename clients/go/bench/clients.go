package main

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"reprise.dev/go"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

const (
	// Longer than the default, so that a machine that stalls for a second does not turn hits into calls.
	maxLag      = 5 * time.Second
	timeout     = 20 * time.Second
	readyWithin = 30 * time.Second
	lookEvery   = time.Millisecond
)

var errOther = errors.New("a call brought something else")

func connect(ctx context.Context, c *command, options ...reprise.Option) (*reprise.Client, error) {
	all := append([]reprise.Option{reprise.WithNamespace(c.Namespace), reprise.WithTimeout(timeout)}, options...)
	return reprise.Connect(ctx, c.Address, all...)
}

// connectNear opens a client whose near cache serves all of the keys.
func connectNear(ctx context.Context, c *command, keys []string) (*reprise.Client, error) {
	near := reprise.NearCacheOptions{MaxLag: maxLag, ShareDecoded: c.Who == "shared"}
	client, err := connect(ctx, c, reprise.WithNearCache(near))
	if err != nil {
		return nil, err
	}
	if err := fillNear(ctx, client, keys); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return client, nil
}

func fillNear(ctx context.Context, client *reprise.Client, keys []string) error {
	giveUp := time.Now().Add(readyWithin)
	for stats := client.NearCacheStats(); !stats.Serving || stats.Entries < len(keys); stats = client.NearCacheStats() {
		if time.Now().After(giveUp) {
			return errors.New("the near cache does not serve")
		}
		if _, err := client.GetMany(ctx, keys); err != nil {
			return err
		}
		time.Sleep(lookEvery)
	}
	return nil
}

// openStub opens the generated stub alone, as somebody without the client would use it.
func openStub(c *command) (reprisev1.CacheServiceClient, *grpc.ClientConn, error) {
	conn, err := grpc.NewClient(c.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, nil, err
	}
	return reprisev1.NewCacheServiceClient(conn), conn, nil
}
