// Command bench is the driver of `make bench-clients`: it reads commands from standard input, a JSON object a line,
// measures one after the other, and answers each with one line: what was measured, or an error.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

const lineBytesMax = 1 << 20

// command is a measurement that the orchestrator asks for.
type command struct {
	Do         string   `json:"do"`  // what is measured
	Who        string   `json:"who"` // who does it; each measurement knows its own contestants
	Address    string   `json:"address"`
	Namespace  string   `json:"namespace"`
	Keys       []string `json:"keys"` // that the server has
	ValueBytes int      `json:"valueBytes"`
	Seconds    float64  `json:"seconds"`
	Callers    int      `json:"callers"` // at the same time
	Rate       int      `json:"rate"`    // changes a second
}

func (c *command) duration() time.Duration { return time.Duration(c.Seconds * float64(time.Second)) }

// counted is work that was counted.
type counted struct {
	Operations int     `json:"operations"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpuSeconds"`       // of this process, all its threads
	Served     float64 `json:"served,omitempty"` // of the reads, the share that the near cache answered
}

// timed is work that was timed one by one.
type timed struct {
	SamplesUs []int64 `json:"samplesUs"`
	PerSecond float64 `json:"perSecond"`
}

// failure is a measurement that could not be made.
type failure struct {
	Error string `json:"error"`
}

func measure(ctx context.Context, c *command) (any, error) {
	switch c.Do {
	case "hits":
		return countHits(ctx, c)
	case "gets":
		return countGets(ctx, c)
	case "batches":
		return countBatches(ctx, c)
	case "latencies":
		return timeCalls(ctx, c)
	case "changes":
		return timeChanges(ctx, c)
	}
	return nil, fmt.Errorf("nobody measures %s", c.Do)
}

func answer(ctx context.Context, line []byte) any {
	var c command
	if err := json.Unmarshal(line, &c); err != nil {
		return failure{err.Error()}
	}
	measured, err := measure(ctx, &c)
	if err != nil {
		return failure{err.Error()}
	}
	return measured
}

func main() {
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	for lines.Scan() {
		if err := out.Encode(answer(context.Background(), lines.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
