// Command example shows what the client is for: read, compute once, tell the cache of changes, listen.
//
//	reprise serve                     # in another terminal
//	go run reprise.dev/go/example     # or with the address of a server as its argument
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"reprise.dev/go"
)

// Track is what the program keeps.
type Track struct {
	Title  string `json:"title"`
	Artist int    `json:"artist"`
}

func main() {
	target := "127.0.0.1:7171"
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, target, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, target string, out io.Writer) error {
	client, err := reprise.Connect(ctx, target, reprise.WithTimeout(10*time.Second), reprise.WithNearCache(reprise.NearCacheOptions{}))
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()

	changes := client.Subscribe(ctx, reprise.OnlyPrefixes("track:"), reprise.IncludeOwn())
	defer changes.Close()
	for message, err := range changes.Messages() {
		if err != nil {
			return err
		}
		if message.State == reprise.StreamReady {
			break
		}
	}
	if err := play(ctx, reprise.Typed[Track](client), out); err != nil {
		return err
	}
	for change, err := range changes.Changes() {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "changed: %s %s%s\n", change.Cause, change.Key, change.Tag)
		if change.Cause == reprise.CauseTag {
			break
		}
	}
	return nil
}

func play(ctx context.Context, tracks *reprise.TypedCache[Track], out io.Writer) error {
	load := func(context.Context) (Track, error) {
		fmt.Fprintln(out, "asked the source")
		return Track{Title: "Karma Police", Artist: 7}, nil
	}
	for range 2 { // the source is asked once
		track, err := tracks.GetOrCompute(ctx, "track:63", load, reprise.TTL(10*time.Minute), reprise.Tags("artist:7"))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "title: %s\n", track.Value.Title)
	}
	if _, err := tracks.Client().InvalidateTags(ctx, []string{"artist:7"}); err != nil {
		return err
	}
	track, err := tracks.Get(ctx, "track:63")
	if err == nil {
		fmt.Fprintf(out, "after the source changed: %s (%s)\n", track.Kind, track.Reason)
	}
	return err
}
