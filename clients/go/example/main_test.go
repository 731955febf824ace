package main

import (
	"bytes"
	"testing"

	"go.uber.org/goleak"
	"reprise.dev/go/internal/testserver"
)

// Goal: the example does what it shows, and leaves nothing running. Method: run it against a server of its own.
func TestExample(t *testing.T) {
	before := goleak.IgnoreCurrent()
	server, err := testserver.Start("")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(testserver.Context(t), server.Address, &out); err != nil {
		t.Error(err)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
	want := "asked the source\ntitle: Karma Police\ntitle: Karma Police\nafter the source changed: miss (INVALIDATED)\n" +
		"changed: SET track:63\nchanged: TAG artist:7\n"
	if out.String() != want {
		t.Errorf("it said:\n%s", &out)
	}
}
