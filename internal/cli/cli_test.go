package cli_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// A script's day with both kinds of account.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := mailtest.StartPostfix(t, d, mailtest.PostfixOptions{})
	p := newPeyk(t)
	d.Deliver("ali", letters(0, 30)...)
	d.Deliver("sara", letters(100, 12)...)
	file := accountFile(t, d, m, "", "ali:imap", "sara:pop3")

	p.ok("account", "add", file)
	accts := p.json("account", "list")
	if len(accts) != 2 || accts[0]["name"] != "ali" || accts[1]["protocol"] != "pop3" {
		t.Fatalf("accounts %v", accts)
	}
	if s := p.ok("account", "list", "--json"); strings.Contains(s, d.Password("ali")) {
		t.Error("a password is in the list")
	}
	p.ok("account", "test", "ali")
	p.ok("account", "test", "sara")

	res := p.json("sync")
	for i, want := range []struct {
		account, protocol string
		n                 float64
	}{{"ali", "imap", 30}, {"sara", "pop3", 12}} {
		r := res[i]
		if r["account"] != want.account || r["protocol"] != want.protocol || r["new"] != want.n || r["bytes_in"].(float64) <= 0 || len(r["failed"].([]any)) != 0 {
			t.Errorf("sync: %v", r)
		}
		for _, k := range []string{"updated", "removed", "removed_on_server", "sent", "duration_ms"} {
			if _, ok := r[k]; !ok {
				t.Errorf("sync: no key %s in %v", k, r)
			}
		}
	}

	rows := p.json("list", "--account", "ali", "--folder", "INBOX")
	if len(rows) != 30 || rows[0]["subject"] != "message 29" || rows[29]["subject"] != "message 0" {
		t.Fatalf("%d rows, first %v", len(rows), rows[0])
	}
	for _, k := range []string{"id", "account", "folder", "message_id", "thread_id", "subject", "from", "to", "date", "size", "flags", "tags", "attachments"} {
		if v, ok := rows[0][k]; !ok || v == nil {
			t.Errorf("list: no %s in %v", k, rows[0])
		}
	}
	from := rows[0]["from"].([]any)[0].(map[string]any)
	if from["name"] != "سارا" || from["addr"] != "sara@peyk.test" {
		t.Errorf("from %v", from)
	}
	if _, err := time.Parse(time.RFC3339, rows[0]["date"].(string)); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"INBOX", "Inbox", "inbox"} {
		if got := p.json("list", "--folder", name); len(got) != 42 {
			t.Errorf("%d messages in %s of both accounts, want 42", len(got), name)
		}
	}
	if got := p.json("list", "--limit", "7"); len(got) != 7 {
		t.Errorf("--limit 7 gave %d", len(got))
	}

	// Bytes exactly as received, flags before the arguments.
	want := d.Messages("ali", "INBOX")
	for i, o := range rows[:5] {
		if raw := p.ok("raw", id(o)); raw != string(want[29-i]) {
			t.Errorf("raw of %v differs", o["subject"])
		}
	}
	if text := p.ok("show", id(rows[0])); !strings.Contains(text, "سلام, body of 29\n.dot") {
		t.Errorf("show: %q", text)
	}
	if got := p.json("search", `"body of 17"`); len(got) != 1 || got[0]["subject"] != "message 17" {
		t.Errorf("search: %v", got)
	}
	if got := p.json("search", "--newest", "--limit", "2", "body", "account:"+rows[0]["account"].(string)); len(got) != 2 || got[0]["id"] != rows[0]["id"] || got[1]["id"] != rows[1]["id"] {
		t.Errorf("search --newest: %v", got)
	}
	if got, number := p.json("search", "--count", "body"), p.ok("search", "--count", "body"); len(got) != 1 || got[0]["count"] != 42.0 || number != "42\n" {
		t.Errorf("search --count: %v and %q", got, number)
	}
	if got := p.ok("search", "--count", "--", "-body"); got != "0\n" {
		t.Errorf("a query that begins with a minus found %q", got)
	}

	// Operations are local at once, and on the server after the next sync, as another client sees them.
	p.ok("op", "read", id(rows[0]), id(rows[1]))
	p.ok("op", "star", id(rows[1]))
	p.ok("op", "tag", "work", id(rows[2]))
	p.ok("op", "archive", id(rows[3]))
	p.ok("op", "delete", id(rows[4]))
	p.ok("op", "move", "--to", "Junk", id(rows[5]))
	p.ok("op", "delete", id(rows[6]))
	if out := p.ok("op", "undo"); !strings.Contains(out, "delete") {
		t.Errorf("undo: %q", out)
	}
	for _, f := range p.json("folders") {
		if f["account"] == "ali" && f["role"] == "inbox" && (f["total"] != 27.0 || f["unread"] != 25.0) {
			t.Errorf("local counts: %v", f)
		}
	}
	if r := p.json("sync", "--account", "ali")[0]; r["updated"] != 7.0 { // the server tells again what was done, which is no news
		t.Errorf("updated %v, want 7", r["updated"])
	}
	for box, n := range map[string]int{"INBOX": 27, "Archive": 1, "Trash": 1, "Junk": 1} {
		if got := len(d.Messages("ali", box)); got != n {
			t.Errorf("%s holds %d, want %d", box, got, n)
		}
	}
	flags := slices.Concat(d.Flags("ali", "INBOX")...)
	slices.Sort(flags)
	if got := strings.Join(flags, " "); got != `\Flagged \Seen \Seen work` {
		t.Errorf("flags on the server: %s", got)
	}
	d.Doveadm("flags", "add", "-u", "ali", `\Answered`, "mailbox", "INBOX", "all")
	if r := p.json("sync", "--account", "ali")[0]; r["updated"] != 27.0 {
		t.Errorf("updated %v, want 27", r["updated"])
	}

	// Send.
	eml := filepath.Join(t.TempDir(), "out.eml")
	os.WriteFile(eml, []byte("From: Ali <ali@peyk.test>\nTo: sara@peyk.test\nBcc: ali@peyk.test\nSubject: sent by script\nMessage-ID: <script@peyk.test>\nDate: Tue, 03 Mar 2026 10:00:00 +0000\n\nhello\n.\n.end\n"), 0o600)
	p.ok("send", eml)
	if r := p.json("sync", "--account", "ali")[0]; r["sent"] != 1.0 {
		t.Errorf("sent %v", r)
	}
	got := mailtest.WaitMessages(t, d, "sara", "INBOX", 13, 2*time.Minute)[12]
	if !bytes.Contains(got, []byte("\r\n\r\nhello\r\n.\r\n.end\r\n")) || bytes.Contains(got, []byte("Bcc")) {
		t.Errorf("arrived: %q", got)
	}
	if n := len(d.Messages("ali", "Sent")); n != 1 {
		t.Errorf("%d copies in Sent", n)
	}
	if r := p.json("sync", "--account", "sara")[0]; r["new"] != 1.0 {
		t.Errorf("sara: %v", r)
	}

	// Export and import are byte exact.
	p.ok("sync", "--account", "ali")
	dir := t.TempDir()
	p.ok("export", "--format", "mbox", "--account", "ali", "--folder", "INBOX", dir)
	p.ok("import", "--account", "sara", "--folder", "Back", dir)
	back := p.json("list", "--account", "sara", "--folder", "Back")
	n := len(d.Messages("ali", "INBOX"))
	if len(back) != n {
		t.Fatalf("%d came back of %d", len(back), n)
	}
	for _, o := range back[:3] {
		orig := p.one(o["subject"].(string), "--account", "ali", "--folder", "INBOX")
		if p.ok("raw", id(o)) != p.ok("raw", id(orig)) {
			t.Errorf("%v changed on the way", o["subject"])
		}
	}
	p.ok("export", "--format", "eml", dir)
	p.checkExports(n)

	// An archive can be read without any account.
	fresh := newPeyk(t)
	fresh.ok("import", dir)
	if kept := fresh.json("list", "--folder", "Imported/ali/INBOX"); len(kept) != n { // the same mail as mbox and as EML, taken once
		t.Errorf("%d messages in a fresh profile, want %d", len(kept), n)
	}
	fresh.ok("sync")
	fresh.ok("doctor")

	// Everything is readable without servers.
	d.Stop()
	m.Stop()
	p.ok("raw", id(rows[12]))
	p.fails(1, []string{"ali", "127.0.0.1"}, "sync", "--account", "ali", "--json")
	p.ok("doctor")
	p.ok("account", "remove", "sara")
	if left := p.json("account", "list"); len(left) != 1 {
		t.Errorf("accounts after remove: %v", left)
	}
}

// The rule's days are counted by the clock, over restarts.
func TestCommandLinePOP3Days(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	p := newPeyk(t)
	d.Deliver("ali", letters(0, 3)...)
	p.ok("account", "add", accountFile(t, d, nil, "[account.pop3]\nleave_on_server = true\nremove_after_days = 14\n", "ali:pop3"))
	day := func(n int) object {
		p.env = []string{"PEYK_NOW=" + time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)}
		return p.json("sync")[0]
	}
	for _, s := range []struct {
		day, left    int
		new, removed float64
	}{{0, 3, 3, 0}, {1, 3, 0, 0}, {13, 3, 0, 0}, {14, 0, 0, 3}, {15, 0, 0, 0}} {
		r := day(s.day)
		if r["new"] != s.new || r["removed_on_server"] != s.removed || len(d.UIDs("ali", "INBOX")) != s.left {
			t.Errorf("day %d: %v, %d left; want %+v", s.day, r, len(d.UIDs("ali", "INBOX")), s)
		}
	}
	if rows := p.json("list"); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
	ledger := p.objects(p.ok("ledger", "export"))
	if len(ledger) != 3 {
		t.Fatalf("%d lines of the ledger, want 3", len(ledger))
	}
	for i, e := range ledger {
		raw := p.ok("raw", id(e))
		if e["account"] != "ali" || e["uidl"] == "" || e["sha256"] != fmt.Sprintf("%x", sha256.Sum256([]byte(raw))) || e["size"] != float64(len(raw)) ||
			e["saved"] != "2026-03-01T12:00:00Z" || e["verified"] != e["saved"] || e["removed_on_server"] != "2026-03-15T12:00:00Z" || e["reason"] != "after days" || e["deleted_here"] != "" {
			t.Errorf("line %d of the ledger: %v", i, e)
		}
	}
	file := filepath.Join(t.TempDir(), "ledger.csv")
	p.ok("ledger", "export", "--csv", "--account", "ali", file)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll(); err != nil || len(rows) != 4 || rows[0][0] != "account" || rows[3][7] != "after days" {
		t.Errorf("the table: %v, %v", rows, err)
	}
	p.fails(1, []string{"exists"}, "ledger", "export", file) // never over a file that is there
	p.fails(1, []string{"nobody"}, "ledger", "export", "--account", "nobody")
}

func TestUsageAndFailures(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	p := newPeyk(t)
	for _, args := range [][]string{
		{"account"}, {"account", "frobnicate"}, {"account", "add"}, {"list", "--wrong"}, {"list", "stray"}, {"show"}, {"show", "abc"}, {"op"}, {"op", "fly", "1"},
		{"op", "read"}, {"op", "move", "1"}, {"op", "read", "x"}, {"op", "tag", "1"}, {"send"}, {"inspect"}, {"render", "x.eml"}, {"render", "x.eml", "-o", "x.gif"}, {"render", "x.eml", "-o", "x.pdf", "--paper", "a5"},
		{"export", "dir"}, {"import"}, {"ledger"}, {"ledger", "import"}, {"demo"}, {"nonsense"}, {"search"}, {"list", "--limit", "many"}, {"list", "--limit", "-1"}, {"search", "x", "--limit", "-1"}, {"search", "--wrong", "x"}, {"show", "0"},
		{"render", "x.eml", "-o", "x.png", "--scale", "NaN"}, {"render", "x.eml", "-o", "x.png", "--scale", "0"}, {"render", "x.eml", "-o", "x.png", "--width", "0"}, {"send", "x.eml", "--at", "soon"},
	} {
		p.fails(2, nil, args...)
	}
	p.fails(1, []string{"account add"}, "sync")
	p.fails(1, []string{"no-such.toml"}, "account", "add", "no-such.toml")
	p.fails(1, []string{"99"}, "show", "99")
	p.fails(1, []string{"99"}, "op", "read", "99")
	p.fails(1, []string{"nothing"}, "op", "undo")
	p.fails(1, []string{"missing.eml"}, "inspect", "missing.eml")
	for _, args := range [][]string{{"help"}, {"help", "sync"}, {"sync", "--help"}, {"version"}, {"list", "--json"}, {"folders"}, {"doctor"}} {
		p.ok(args...)
	}
	for _, args := range [][]string{{}, {"--demo"}, {"mailto:a@b?subject=x"}, {"some.eml"}} {
		if r := p.run(args...); r.code != 42 {
			t.Errorf("peyk %v did not go to the window: %+v", args, r)
		}
	}

	wrong := accountFile(t, d, nil, "", "ali:imap")
	b, err := os.ReadFile(wrong)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(wrong, []byte(strings.ReplaceAll(string(b), `["cat", "ali.txt"]`, `["echo", "wrong"]`)), 0o600)
	p.ok("account", "add", wrong)
	p.fails(1, []string{"ali", "password"}, "sync")
	p.fails(1, []string{"nobody", "ali"}, "sync", "--account", "nobody")
	p.fails(1, []string{"ali", "login", "password"}, "account", "test", "ali")
	bad := filepath.Join(t.TempDir(), "bad.toml")
	os.WriteFile(bad, []byte("[[account]]\nname = \"x\"\nemail = \"x@y.example\"\ncolour = \"red\"\n"), 0o600)
	p.fails(1, []string{"bad.toml"}, "account", "add", bad)
}

// A wrong password is not tried by every sync that a schedule starts, and each of them fails and says why; the right one is tried at once.
func TestAWrongPasswordOnASchedule(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", letters(0, 3)...)
	p := newPeyk(t)
	file := accountFile(t, d, nil, "", "ali:imap")
	secret := filepath.Join(filepath.Dir(file), "ali.txt")
	os.WriteFile(secret, []byte("wrong\n"), 0o600)
	p.ok("account", "add", file)
	for range 3 {
		p.fails(1, []string{"ali", "Authentication failed", "password"}, "sync")
	}
	for range 2 {
		p.fails(1, []string{"ali", "the password was not tried again", "rests until", "peyk account test ali"}, "sync", "--account", "ali")
	}
	if res := p.run("account", "test", "ali"); res.code != 1 || strings.Contains(res.out+res.err, "not tried") {
		t.Errorf("account test: exit %d: %s%s", res.code, res.out, res.err)
	}
	os.WriteFile(secret, []byte(d.Password("ali")+"\n"), 0o600)
	if res := p.json("sync"); res[0]["new"] != 3.0 {
		t.Errorf("with the right password: %v", res)
	}
}

func TestInspectAndRender(t *testing.T) {
	p := newPeyk(t)
	dir := t.TempDir()
	eml, html := filepath.Join(dir, "a.eml"), filepath.Join(dir, "b.html")
	os.WriteFile(eml, letter(1, "پیام", "سلام دنیا\r\nhello"), 0o600)
	os.WriteFile(html, []byte("<p dir=rtl>متن <b>مهم</b></p>"), 0o600)
	o := p.objects(p.ok("inspect", eml))[0]
	for _, k := range []string{"file", "subject", "from", "to", "cc", "date", "message_id", "attachments", "text_plain", "text_html", "warnings", "ms"} {
		if _, ok := o[k]; !ok {
			t.Errorf("inspect: no key %s", k)
		}
	}
	heights := map[string]int{}
	for name, args := range map[string][]string{
		"plain": {eml}, "headers": {eml, "--with-headers"}, "double": {eml, "--scale", "2"}, "dark": {"--dark", eml}, "html": {html, "--width", "400"},
	} {
		out := filepath.Join(dir, name+".png")
		p.ok(append([]string{"render", "-o", out}, args...)...)
		f, err := os.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		heights[name] = img.Bounds().Dy()
		if w := map[string]int{"double": 1600, "html": 400}[name]; img.Bounds().Dx() != max(w, 800*b2i(w == 0)) {
			t.Errorf("%s is %v", name, img.Bounds())
		}
		r, g, b, _ := img.At(1, 1).RGBA()
		if white := r == 0xffff && g == 0xffff && b == 0xffff; white == (name == "dark") {
			t.Errorf("%s: background %x %x %x", name, r, g, b)
		}
		ink := false
		for y := 0; y < img.Bounds().Dy() && !ink; y++ {
			for x := 0; x < img.Bounds().Dx() && !ink; x++ {
				ink = img.At(x, y) != img.At(1, 1)
			}
		}
		if !ink {
			t.Errorf("%s is empty", name)
		}
	}
	if heights["headers"] <= heights["plain"] || heights["double"] < 2*heights["plain"]-2 {
		t.Errorf("heights %v", heights)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
