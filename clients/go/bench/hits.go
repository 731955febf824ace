package main

import (
	"context"

	"reprise.dev/go"
)

// readsBetween are the reads between two looks at the clock.
const readsBetween = 1000

// countHits counts reads that stay in this process: of a near cache, or of a bare map.
func countHits(ctx context.Context, c *command) (counted, error) {
	if c.Who == "map" {
		return countMap(c)
	}
	client, err := connectNear(ctx, c, c.Keys)
	if err != nil {
		return counted{}, err
	}
	defer func() { _ = client.Close() }()
	get := client.Get
	if c.Who == "shared" {
		get = reprise.Typed[[]byte](client, reprise.WithCodec(reprise.Raw)).Get
	}
	before := client.NearCacheStats()
	all, err := countReads(c, func() (int, error) { return readNear(ctx, c, get) })
	after := client.NearCacheStats()
	hits, misses := after.Hits-before.Hits, after.Misses-before.Misses
	all.Served = float64(hits) / float64(hits+misses)
	return all, err
}

type getBytes func(context.Context, string, ...reprise.GetOption) (reprise.Lookup[[]byte], error)

func readNear(ctx context.Context, c *command, get getBytes) (int, error) {
	bytes, at := 0, 0
	for range readsBetween {
		found, err := get(ctx, c.Keys[at])
		if err != nil {
			return 0, err
		}
		bytes += len(found.Value)
		if at++; at == len(c.Keys) {
			at = 0
		}
	}
	return bytes, nil
}

func countMap(c *command) (counted, error) {
	values := make(map[string][]byte, len(c.Keys))
	for _, key := range c.Keys {
		values[key] = make([]byte, c.ValueBytes)
	}
	return countReads(c, func() (int, error) {
		bytes, at := 0, 0
		for range readsBetween {
			bytes += len(values[c.Keys[at]])
			if at++; at == len(c.Keys) {
				at = 0
			}
		}
		return bytes, nil
	})
}

func countReads(c *command, some func() (int, error)) (counted, error) {
	operations, watch := 0, startWatch()
	for watch.since() < c.duration() {
		bytes, err := some()
		if err != nil {
			return counted{}, err
		}
		if bytes != readsBetween*c.ValueBytes {
			return counted{}, errOther
		}
		operations += readsBetween
	}
	return watch.counted(operations), nil
}
