package main

import (
	"context"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc"
	"reprise.dev/go"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

// call makes a call and returns how many bytes of values it brought.
type call func() (int, error)

// countGets counts Gets of one key: of the client, of the client that makes batches of them, or of the generated stub.
func countGets(ctx context.Context, c *command) (counted, error) {
	if c.Who == "stub" {
		stub, conn, err := openStub(c)
		if err != nil {
			return counted{}, err
		}
		defer func() { _ = conn.Close() }()
		return countCalls(c, c.ValueBytes, func() (int, error) { return stubGet(ctx, c, stub) })
	}
	var options []reprise.Option
	if c.Who != "batching" {
		options = append(options, reprise.WithBatchWindow(0))
	}
	client, err := connect(ctx, c, options...)
	if err != nil {
		return counted{}, err
	}
	defer func() { _ = client.Close() }()
	return countCalls(c, c.ValueBytes, func() (int, error) {
		found, err := client.Get(ctx, c.Keys[0])
		return len(found.Value), err
	})
}

// countBatches counts keys that batches of all keys bring: of the client, or of the generated stub.
func countBatches(ctx context.Context, c *command) (counted, error) {
	bytes := len(c.Keys) * c.ValueBytes
	all, err := counted{}, error(nil)
	if c.Who == "stub" {
		stub, conn, failed := openStub(c)
		if failed != nil {
			return counted{}, failed
		}
		defer func() { _ = conn.Close() }()
		all, err = countCalls(c, bytes, func() (int, error) { return stubGetMany(ctx, c, stub) })
	} else {
		client, failed := connect(ctx, c)
		if failed != nil {
			return counted{}, failed
		}
		defer func() { _ = client.Close() }()
		all, err = countCalls(c, bytes, func() (int, error) { return clientGetMany(ctx, c, client) })
	}
	all.Operations *= len(c.Keys)
	return all, err
}

func stubGet(ctx context.Context, c *command, stub reprisev1.CacheServiceClient, options ...grpc.CallOption) (int, error) {
	response, err := stub.Get(ctx, &reprisev1.GetRequest{Namespace: c.Namespace, Key: c.Keys[0]}, options...)
	return len(response.GetHit().GetValue()), err
}

func stubGetMany(ctx context.Context, c *command, stub reprisev1.CacheServiceClient) (int, error) {
	response, err := stub.BatchGet(ctx, &reprisev1.BatchGetRequest{Namespace: c.Namespace, Keys: c.Keys})
	bytes := 0
	for _, result := range response.GetResults() {
		bytes += len(result.GetHit().GetValue())
	}
	return bytes, err
}

func clientGetMany(ctx context.Context, c *command, client *reprise.Client) (int, error) {
	found, err := client.GetMany(ctx, c.Keys)
	bytes := 0
	for i := range found {
		bytes += len(found[i].Value)
	}
	return bytes, err
}

func countCalls(c *command, bytes int, do call) (counted, error) {
	if err := check(do, bytes); err != nil {
		return counted{}, err
	}
	var operations atomic.Int64
	var failed atomic.Pointer[error]
	var callers sync.WaitGroup
	watch := startWatch()
	for range c.Callers {
		callers.Go(func() {
			for watch.since() < c.duration() {
				if err := check(do, bytes); err != nil {
					failed.Store(&err)
					return
				}
				operations.Add(1)
			}
		})
	}
	callers.Wait()
	if err := failed.Load(); err != nil {
		return counted{}, *err
	}
	return watch.counted(int(operations.Load())), nil
}

func check(do call, bytes int) error {
	found, err := do()
	if err == nil && found != bytes {
		err = errOther
	}
	return err
}
