package main

import (
	"context"
	"fmt"
	"time"

	"reprise.dev/go"
)

const computedTTL = 10 * time.Minute

// timeCalls times calls one after the other: getOrCompute that hits, getOrCompute that misses, or the stub's Get.
func timeCalls(ctx context.Context, c *command) (timed, error) {
	if c.Who == "stub" {
		stub, conn, err := openStub(c)
		if err != nil {
			return timed{}, err
		}
		defer func() { _ = conn.Close() }()
		return timeEach(c, func(int) (int, error) { return stubGet(ctx, c, stub) })
	}
	client, err := connect(ctx, c)
	if err != nil {
		return timed{}, err
	}
	defer func() { _ = client.Close() }()
	value, run := make([]byte, c.ValueBytes), time.Now().UnixNano()
	compute := func(context.Context) ([]byte, error) { return value, nil }
	return timeEach(c, func(number int) (int, error) {
		key := c.Keys[0]
		if c.Who == "miss" {
			key = fmt.Sprintf("compute:%x:%d", run, number)
		}
		found, err := client.GetOrCompute(ctx, key, compute, reprise.TTL(computedTTL))
		return len(found.Value), err
	})
}

func timeEach(c *command, do func(number int) (int, error)) (timed, error) {
	one := func(number int) error { return check(func() (int, error) { return do(number) }, c.ValueBytes) }
	if err := one(0); err != nil {
		return timed{}, err
	}
	all := timed{SamplesUs: []int64{}}
	began := time.Now()
	sent := began
	for sent.Sub(began) < c.duration() {
		if err := one(len(all.SamplesUs) + 1); err != nil {
			return all, err
		}
		answered := time.Now()
		all.SamplesUs = append(all.SamplesUs, answered.Sub(sent).Microseconds())
		sent = answered
	}
	all.PerSecond = float64(len(all.SamplesUs)) / sent.Sub(began).Seconds()
	return all, nil
}
