package instance

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestSecondStartHandsOver(t *testing.T) {
	for name, make := range map[string]func(t *testing.T) string{
		"short": func(t *testing.T) string { return t.TempDir() },
		"long":  func(t *testing.T) string { return filepath.Join(t.TempDir(), strings.Repeat("profile", 20)) },
		"no sockets": func(t *testing.T) string {
			dir := t.TempDir()
			noSocket(t, dir)
			return dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := make(t)
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := Hand(context.Background(), dir, Request{}); err == nil {
				t.Error("a hand-over to nobody went well")
			}
			h, err := Claim(dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Claim(dir); !errors.Is(err, ErrRunning) {
				t.Errorf("a second claim: %v", err)
			}
			want := Request{Args: []string{"mailto:سارا@example.org"}, Dir: "/x"}
			errs := goHand(dir, want)
			if got := <-h.Requests; !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
			if err := <-errs; err != nil {
				t.Error(err)
			}
			h.Close()
			if _, open := <-h.Requests; open {
				t.Error("a request after the end")
			}
			if h, err = Claim(dir); err != nil {
				t.Errorf("the profile is not free after Close: %v", err)
			} else {
				h.Close()
			}
			if _, err := os.Stat(signPath(dir)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("what told of the port: %v", err)
			}
		})
	}
}

// Who double-clicks the icon starts Peyk twice at once: one of the two has the window, also where there can be no socket.
func TestClaimsAtTheSameTime(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, dir string){"a socket": func(*testing.T, string) {}, "a port": noSocket} {
		for range 20 {
			dir := t.TempDir()
			prepare(t, dir)
			const starts = 8
			var held atomic.Int32
			var all sync.WaitGroup
			holders := make(chan *Holder, starts)
			for range starts {
				all.Go(func() {
					switch h, err := Claim(dir); {
					case err == nil:
						held.Add(1)
						holders <- h
					case !errors.Is(err, ErrRunning):
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			close(holders)
			for h := range holders {
				h.Close()
			}
			if n := held.Load(); n != 1 {
				t.Fatalf("%s: %d of %d starts hold the profile", name, n, starts)
			}
		}
	}
}

func goHand(dir string, r Request) <-chan error {
	errs := make(chan error, 1)
	go func() { errs <- Hand(context.Background(), dir, r) }()
	return errs
}

// noSocket makes it impossible to listen on the profile's socket: something lies in its place that cannot be removed.
func noSocket(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(socketPath(dir), "full"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// A port is no proof: who listens on it may be another program by now, and who comes to it anybody.
func TestStrangersAtThePort(t *testing.T) {
	dir := t.TempDir()
	noSocket(t, dir)
	h, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, s := range []string{"{\"args\":[\"x\"]}\n", "nonce\nwrong\n{\"args\":[\"x\"]}\n", strings.Repeat("x", maxRequest+10)} {
		c, err := net.Dial("tcp", h.door.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte(s))
		c.Close()
	}
	errs := goHand(dir, Request{Args: []string{"ok"}})
	if r := <-h.Requests; len(r.Args) != 1 || r.Args[0] != "ok" {
		t.Errorf("got %+v", r)
	}
	if err := <-errs; err != nil {
		t.Error(err)
	}
}

func TestAnotherProgramAtThePort(t *testing.T) {
	for name, answer := range map[string]string{"talks": "220 mail.example.org ready\r\n", "hangs up": "", "talks without end": strings.Repeat("x", 1000)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			noSocket(t, dir)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			heard := make(chan string, 1)
			go func() {
				c, err := l.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				_, _ = c.Write([]byte(answer))
				b := make([]byte, 1000)
				n, _ := c.Read(b)
				heard <- string(b[:n])
			}()
			b, _ := json.Marshal(sign{l.Addr().String(), []byte("secret")})
			if err := os.WriteFile(signPath(dir), b, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Hand(context.Background(), dir, Request{Args: []string{"mailto:private@example.org"}}); err == nil {
				t.Error("handed over to a stranger")
			}
			if s := <-heard; strings.Contains(s, "private") || strings.Contains(s, "secret") {
				t.Errorf("a stranger heard %q", s)
			}
		})
	}
	dir := t.TempDir()
	if err := os.WriteFile(signPath(dir), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
}

func TestLeftOverSocketIsTaken(t *testing.T) {
	dir := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: socketPath(dir)})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	h, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
}

func TestNonsenseIsNoRequest(t *testing.T) {
	dir := t.TempDir()
	h, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, s := range []string{"hello\n", "{}", strings.Repeat("x", maxRequest+10) + "\n"} {
		c, err := net.Dial("unix", socketPath(dir))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte(s)) // the holder may hang up on us, that is the point
		c.Close()
	}
	go func() { _ = Hand(context.Background(), dir, Request{Args: []string{"ok"}}) }()
	if r := <-h.Requests; len(r.Args) != 1 || r.Args[0] != "ok" {
		t.Errorf("got %+v", r)
	}
}
