package instance

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSecondStartHandsOver(t *testing.T) {
	for name, dir := range map[string]string{"short": t.TempDir(), "long": filepath.Join(t.TempDir(), strings.Repeat("profile", 20))} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := Hand(context.Background(), dir, Request{}); err == nil {
			t.Errorf("%s: a hand-over to nobody went well", name)
		}
		h, err := Claim(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Claim(dir); !errors.Is(err, ErrRunning) {
			t.Errorf("%s: a second claim: %v", name, err)
		}
		want := Request{Args: []string{"mailto:سارا@example.org"}, Dir: "/x"}
		errs := make(chan error, 1)
		go func() { errs <- Hand(context.Background(), dir, want) }()
		if got := <-h.Requests; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", name, got)
		}
		if err := <-errs; err != nil {
			t.Error(err)
		}
		h.Close()
		if _, open := <-h.Requests; open {
			t.Errorf("%s: a request after the end", name)
		}
		if h, err = Claim(dir); err != nil {
			t.Errorf("%s: the profile is not free after Close: %v", name, err)
		} else {
			h.Close()
		}
	}
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
