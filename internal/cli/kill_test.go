package cli_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// Killed at any point, nothing is lost, nothing doubled, the profile is sound, and the next sync completes the work.
func TestKilledAtAnyPoint(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	p := newPeyk(t)
	rnd := rand.New(rand.NewPCG(7, 7))
	p.ok("account", "add", accountFile(t, d, nil, "", "ali:imap"))
	p.ok("account", "add", accountFile(t, d, nil, "[account.pop3]\nleave_on_server = false\n", "sara:pop3"))
	var all [][]byte
	next := 0
	deliver := func(n int) {
		d.Deliver("ali", letters(next, n)...)
		all = append(all, letters(next, n)...)
		d.Deliver("sara", letters(next, n)...)
		next += n
	}
	deliver(400)
	// How long a whole pass takes on this machine, on a profile of its own, tells when to kill.
	ref := newPeyk(t)
	ref.ok("account", "add", accountFile(t, d, nil, "", "ali:imap"))
	start := time.Now()
	ref.ok("sync")
	whole := time.Since(start)
	kills := 25
	if os.Getenv("PEYK_LONG") != "" {
		kills = 200
	}
	for i := range kills {
		cmd := p.command("sync")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rnd.Int64N(int64(whole + whole/3))))
		cmd.Process.Kill()
		cmd.Wait()
		if i%5 == 4 {
			deliver(40)
			if rows := p.json("list", "--account", "ali", "--limit", "20"); len(rows) == 20 {
				p.ok("op", "archive", id(rows[rnd.IntN(20)]))
				p.ok("op", "star", id(rows[rnd.IntN(20)]))
			}
		}
	}
	p.ok("sync")
	p.ok("sync")
	p.ok("doctor")
	for _, user := range []string{"ali", "sara"} {
		seen := map[string]int{}
		for _, o := range p.json("list", "--account", user) {
			seen[o["message_id"].(string)]++
		}
		for i := range next {
			if n := seen[fmt.Sprintf("m%d@peyk.test", i)]; n != 1 {
				t.Errorf("%s: message %d is here %d times", user, i, n)
			}
		}
	}
	if n := len(d.UIDs("sara", "INBOX")); n != 0 {
		t.Errorf("%d messages are left on the POP3 server", n)
	}
	onServer := append(d.Messages("ali", "INBOX"), d.Messages("ali", "Archive")...)
	if len(onServer) != len(all) {
		t.Errorf("%d messages on the IMAP server, want %d", len(onServer), len(all))
	}
	// Bytes of a sample, POP3: the server has them no more.
	for i := 0; i < next; i += 37 {
		o := p.one(fmt.Sprintf("message %d", i), "--account", "sara")
		if got := p.ok("raw", id(o)); !bytes.Equal([]byte(got), all[i]) {
			t.Errorf("message %d differs", i)
		}
	}
}
