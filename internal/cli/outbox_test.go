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

// TestSentLateByCommand: what was to go at a time and went later, because no sync ran or the server was away, is told, as long as it waits and when it goes; it has the date at
// which it goes. Whom it goes to unseen is in the outbox and in the copy in Sent.
func TestSentLateByCommand(t *testing.T) {
	t.Parallel()
	dove := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	mta := mailtest.StartPostfix(t, dove, mailtest.PostfixOptions{})
	p := newPeyk(t)
	now := time.Now().UTC().Truncate(time.Minute)
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	clock := func(d time.Duration) { p.env = []string{"TZ=UTC", "PEYK_NOW=" + at(d)} }
	clock(0)
	p.ok("account", "add", accountFile(t, dove, mta, "", "ali:imap"))
	p.ok("send", p.write("a.eml", "Date: Mon, 02 Mar 2020 10:00:00 +0000\nFrom: ali@peyk.test\nTo: sara@peyk.test\nBcc: ali@peyk.test\nSubject: reminder\n\nhello\n"), "--at", "1h")
	if o := p.json("outbox")[0]; o["planned"] != at(time.Hour) || len(words(o["bcc"])) != 1 || strings.Contains(p.ok("outbox"), "was to go") {
		t.Errorf("before its time: %v", o)
	}
	clock(3 * time.Hour)
	if out := p.ok("outbox"); !strings.Contains(out, "queued, was to go "+now.Add(time.Hour).Format("2006-01-02 15:04")) {
		t.Errorf("while it waits: %q", out)
	}
	late := "“reminder” was sent at " + now.Add(3*time.Hour).Format("2006-01-02 15:04") + "; it was to go at " + now.Add(time.Hour).Format("2006-01-02 15:04") + "\n"
	if out := p.ok("sync"); !strings.Contains(out, late) {
		t.Errorf("sync says %q, not %q", out, late)
	}
	got := string(mailtest.WaitMessages(t, dove, "sara", "INBOX", 1, 2*time.Minute)[0])
	if strings.Contains(got, "Bcc") || !strings.Contains(got, "Date: "+now.Add(3*time.Hour).Format("Mon, 2 Jan 2006 15:04:05 -0700")) {
		t.Errorf("sara got\n%s", got)
	}
	p.ok("sync")
	if out := p.ok("show", "--headers", id(p.one("reminder", "--folder", "Sent"))); !strings.Contains(out, "Bcc: ali@peyk.test\n") {
		t.Errorf("the copy in Sent: %q", out)
	}
}
