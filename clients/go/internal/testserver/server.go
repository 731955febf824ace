// Package testserver starts real servers for tests. They listen on a port of their own, keep everything in memory, and
// end with the test.
package testserver

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	testingv1 "reprise.dev/go/gen/reprise/testing/v1"
	reprisev1 "reprise.dev/go/gen/reprise/v1"
)

// Patience bounds every wait of a test: generous, because machines may be slow.
const Patience = 30 * time.Second

// Server is a running server.
type Server struct {
	// Address is where it listens, as HOST:PORT.
	Address string

	process *exec.Cmd
	conn    *grpc.ClientConn
}

// Start starts a server with more arguments than its addresses. Listen "" takes a free port.
func Start(listen string, args ...string) (*Server, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	node := filepath.Join(root, "node_modules", ".bin", "node")
	all := append([]string{filepath.Join(root, "src", "main.ts"), "serve", "--listen", listen, "--ops-listen", "off"}, args...)
	process := exec.Command(node, all...)
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	output, err := process.StderrPipe() // the log
	if err != nil {
		return nil, err
	}
	process.Stdout = process.Stderr
	if err := process.Start(); err != nil {
		return nil, err
	}
	hung := time.AfterFunc(Patience, func() { _ = process.Process.Kill() })
	defer hung.Stop()
	s := &Server{process: process}
	lines := bufio.NewScanner(output)
	if s.Address, err = awaitListening(lines); err != nil {
		return nil, errors.Join(err, s.Kill())
	}
	go func() { // whoever does not read stops the writer
		for lines.Scan() {
		}
	}()
	s.conn, err = grpc.NewClient("passthrough:///"+s.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return s, err
}

func awaitListening(lines *bufio.Scanner) (string, error) {
	var seen []string
	for lines.Scan() {
		seen = append(seen, lines.Text())
		var event struct {
			Event string `json:"event"`
			Host  string `json:"host"`
			Port  int    `json:"port"`
		}
		if json.Unmarshal(lines.Bytes(), &event) == nil && event.Event == "serverListening" {
			return fmt.Sprintf("%s:%d", event.Host, event.Port), nil
		}
	}
	return "", fmt.Errorf("the server did not start: %s", strings.Join(seen, "\n"))
}

// repository is the folder that holds the server's sources.
func repository() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "src", "main.ts")); missing == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			err = errors.New("these tests need the repository of the server around them")
		}
		folder = filepath.Dir(folder)
	}
	return "", err
}

// Stop drains the server and waits for its end.
func (s *Server) Stop() error { return s.finish(syscall.SIGTERM) }

// Kill ends the server at once.
func (s *Server) Kill() error { return s.finish(syscall.SIGKILL) }

func (s *Server) finish(signal syscall.Signal) error {
	if s.process.ProcessState != nil {
		return nil
	}
	if s.conn != nil {
		_ = s.conn.Close()
	}
	_ = s.process.Process.Signal(signal)
	kill := time.AfterFunc(Patience, func() { _ = s.process.Process.Kill() })
	defer kill.Stop()
	var exit *exec.ExitError
	if err := s.process.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// Namespace creates a namespace of its own for a test, and returns its name.
func (s *Server) Namespace(t testing.TB, settings *reprisev1.NamespaceSettings) string {
	t.Helper()
	bytes := make([]byte, 6)
	rand.Read(bytes)
	name := "t" + hex.EncodeToString(bytes)
	_, err := reprisev1.NewAdminServiceClient(s.conn).CreateNamespace(Context(t), &reprisev1.CreateNamespaceRequest{Name: name, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the server's capacity is shared out to namespaces
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		if _, err := reprisev1.NewAdminServiceClient(s.conn).DeleteNamespace(ctx, &reprisev1.DeleteNamespaceRequest{Name: name}); err != nil {
			t.Error(err)
		}
	})
	return name
}

// Admin calls AdminService.
func (s *Server) Admin() reprisev1.AdminServiceClient { return reprisev1.NewAdminServiceClient(s.conn) }

// Testing calls TestService, of a server that was started with --testing.
func (s *Server) Testing() testingv1.TestServiceClient {
	return testingv1.NewTestServiceClient(s.conn)
}

// Context returns a context that ends with the test, or when its patience does.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// Await waits until a condition holds.
func Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	end := time.Now().Add(Patience)
	for !holds() {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
