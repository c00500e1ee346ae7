package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// TestOutboxByCommand queues messages, sees why they do not go, and settles them: one is sent later than it was, one is a draft
// again, one is discarded, one goes.
func TestOutboxByCommand(t *testing.T) {
	t.Parallel()
	dove := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	mta := mailtest.StartPostfix(t, dove, mailtest.PostfixOptions{})
	p := newPeyk(t)
	p.ok("account", "add", accountFile(t, dove, mta, "", "ali:imap"))
	eml := func(name, to, subject string) string {
		path := filepath.Join(t.TempDir(), name)
		text := "From: ali@peyk.test\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n\r\nhello\r\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if got := p.json("outbox"); len(got) != 0 {
		t.Fatalf("the outbox of a new profile holds %v", got)
	}
	p.ok("send", eml("a.eml", "sara@peyk.test", "later"), "--at", "48h")
	p.ok("send", eml("b.eml", "nobody@elsewhere.example", "refused"))
	p.run("sync") // tells that one was refused
	items := map[string]object{}
	for _, o := range p.json("outbox", "list") {
		items[o["subject"].(string)] = o
	}
	later, refused := items["later"], items["refused"]
	if len(items) != 2 || later["state"] != "queued" || refused["state"] != "failed" || !strings.Contains(refused["reason"].(string), "nobody@elsewhere.example") && refused["reason"] == "" {
		t.Fatalf("the outbox holds %v", items)
	}
	if at, err := time.Parse(time.RFC3339, later["not_before"].(string)); err != nil || time.Until(at) < 47*time.Hour {
		t.Errorf("it is to be sent at %v", later["not_before"])
	}
	if strings.ContainsRune(refused["reason"].(string), 0x1e) {
		t.Errorf("the reason is %q", refused["reason"])
	}
	if raw := p.ok("outbox", "show", id(refused)); !strings.Contains(raw, "Subject: refused\r\n") {
		t.Errorf("its bytes are %q", raw)
	}
	p.ok("outbox", "retry", id(refused))
	if o := p.json("outbox")[1]; o["state"] != "queued" || o["attempts"].(float64) != 0 {
		t.Errorf("after retry: %v", o)
	}
	p.ok("outbox", "edit", id(refused))
	p.ok("outbox", "later", id(later), "--at", "0s")
	p.ok("sync")
	if got := p.json("outbox"); len(got) != 0 {
		t.Errorf("the outbox still holds %v", got)
	}
	if got := mailtest.WaitMessages(t, dove, "sara", "INBOX", 1, 2*time.Minute); len(got) != 1 || !strings.Contains(string(got[0]), "Subject: later") {
		t.Errorf("sara got %d messages", len(got))
	}
	p.ok("send", eml("c.eml", "sara@peyk.test", "never"), "--at", time.Now().Add(time.Hour).Format(time.RFC3339))
	p.ok("outbox", "discard", id(p.json("outbox")[0]))
	if got := p.json("outbox"); len(got) != 0 {
		t.Errorf("discarded, but %v", got)
	}
	p.fails(1, []string{"no message 99"}, "outbox", "retry", "99")
	for _, args := range [][]string{{"outbox", "retry"}, {"outbox", "later", "1"}, {"outbox", "later", "1", "--at", "soon"}, {"outbox", "burn", "1"}, {"outbox", "retry", "x"}, {"outbox", "list", "1"}} {
		p.fails(2, nil, args...)
	}
}
