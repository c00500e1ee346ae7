package imap

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestWatch: one connection hears of every folder of a real server with NOTIFY.
func TestWatch(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	c, other := dialDovecot(t, d, "ali"), dialDovecot(t, d, "ali")
	ctx := testContext(t)
	must(t, other.CreateFolder(ctx, "Büro"))
	if changed, ok, err := c.Watch(ctx, "INBOX", time.Second); !ok || err != nil || !slices.Equal(changed, []string{"INBOX"}) {
		t.Fatalf("a folder that was never seen: %v, %v, %v", changed, ok, err)
	}
	// What arrives before the server was asked to tell is looked for once.
	must(t, other.CreateFolder(ctx, "Früh"))
	if changed, ok, err := c.Watch(ctx, "INBOX", time.Minute); !ok || err != nil || !slices.Equal(changed, []string{""}) {
		t.Fatalf("from now on events come, and: %v, %v, %v", changed, ok, err)
	}
	after := func(do func()) []string {
		t.Helper()
		done := make(chan struct{})
		go func() {
			defer close(done)
			time.Sleep(100 * time.Millisecond)
			do()
		}()
		changed, ok, err := c.Watch(ctx, "INBOX", 30*time.Second)
		<-done
		if !ok || err != nil {
			t.Fatalf("%v, %v", ok, err)
		}
		return changed
	}
	put := func(path string) func() {
		return func() {
			raw := message(1)
			if _, err := other.Append(ctx, path, nil, time.Now(), int64(len(raw)), bytes.NewReader(raw)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, path := range []string{"Büro", "INBOX"} {
		if got := after(put(path)); !slices.Contains(got, path) {
			t.Errorf("mail in %s: %q", path, got)
		}
	}
	if got := after(func() { must(t, other.StoreFlags(ctx, "Büro", []mail.UID{1}, mail.Flags{mail.FlagSeen}, nil)) }); !slices.Contains(got, "Büro") {
		t.Errorf("a flag: %q", got)
	}
	if got := after(func() { must(t, other.CreateFolder(ctx, "Neu")) }); !slices.Contains(got, "") {
		t.Errorf("a new folder: %q", got)
	}
	must(t, c.Noop(ctx))
}

// TestWatchRefused: a server that advertises NOTIFY and refuses it leaves the client with IDLE.
func TestWatchRefused(t *testing.T) {
	asked := 0
	o := &odd{caps: "IDLE NOTIFY", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "NOTIFY"):
			asked++
			c.Send(tag, " NO [BADEVENT (MessageNew MessageExpunge)] not this\r\n")
			return true
		case strings.HasPrefix(line, "IDLE"):
			c.Send("+ idling\r\n* 4 EXISTS\r\n")
			c.Expect("DONE")
			c.Send(tag, " OK\r\n")
			return true
		}
		return false
	}}
	c := o.dial(t)
	ctx := testContext(t)
	if _, err := c.Select(ctx, "INBOX"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if changed, ok, err := c.Watch(ctx, "INBOX", time.Second); ok || err != nil {
			t.Fatalf("%v, %v, %v", changed, ok, err)
		}
	}
	if asked != len(notifyCommands) {
		t.Errorf("asked %d times", asked)
	}
	if changed, err := c.Idle(ctx, "INBOX", time.Minute); !changed || err != nil {
		t.Errorf("%v, %v", changed, err)
	}
}
