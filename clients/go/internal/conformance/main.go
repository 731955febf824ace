// Command conformance does with the client what the runner of the conformance scenarios asks for, and says what came
// out. It judges nothing: clients/conformance/PROTOCOL.md has the words.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

const lineBytesMax = 64 << 20

// answer is the answer to a command.
type answer struct {
	ID    *int64 `json:"id,omitempty"`
	OK    any    `json:"ok,omitempty"`
	Error *fault `json:"error,omitempty"`
}

func main() {
	d := newDriver()
	out := json.NewEncoder(os.Stdout)
	var writing sync.Mutex
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		d.running.Store(c.ID, cancel)
		go func() {
			defer cancel()
			reply := d.run(ctx, &c)
			reply.ID = &c.ID
			d.running.Delete(c.ID)
			writing.Lock()
			defer writing.Unlock()
			if err := out.Encode(reply); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
	}
	time.AfterFunc(3*time.Second, func() { os.Exit(0) })
	d.reset()
}
