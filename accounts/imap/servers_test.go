package imap

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// reachOf dials one of several servers.
func reachOf(t testing.TB, r mailtest.Reach, edit ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{Password: r.Users["ali"], Server: mail.Server{Host: "localhost", Port: r.IMAPSPort, Security: mail.SecurityTLS, Username: "ali",
		CAFile: r.CAFile, TimeoutSeconds: 20}}
	for _, e := range edit {
		e(&cfg)
	}
	c, err := Dial(testContext(t), cfg)
	if err != nil {
		t.Fatalf("%s: Dial: %v", r.Name, err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestServers is one day of a client's life on each of the servers people use, with and without the extensions.
func TestServers(t *testing.T) {
	const bare = "protocol imap {\n  imap_capability = IMAP4rev1\n}\n"
	for _, s := range []struct {
		name  string
		start func(t *testing.T) mailtest.Reach
	}{
		{"Dovecot", func(t *testing.T) mailtest.Reach { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}).Reach() }},
		{"Dovecot without extensions", func(t *testing.T) mailtest.Reach {
			return mailtest.StartDovecot(t, mailtest.DovecotOptions{Extra: bare, Separator: "."}).Reach()
		}},
		{"Cyrus", func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) }},
		{"Cyrus of old", func(t *testing.T) mailtest.Reach {
			return mailtest.StartCyrus(t, mailtest.CyrusOptions{Old: true, Suppress: "QRESYNC CONDSTORE ENABLE MOVE UIDPLUS LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH IDLE LITERAL+ OBJECTID COMPRESS=DEFLATE"})
		}},
		{"Courier", func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) }},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.start(t)
			d := &day{T: t, r: r, c: reachOf(t, r), other: reachOf(t, r), ctx: testContext(t)}
			d.logins()
			d.quota()
			d.folders()
			d.letters()
			d.moves()
			d.changes()
			d.idle()
		})
	}
}

// day is what happens to one mailbox, seen by two clients.
type day struct {
	*testing.T
	r        mailtest.Reach
	c, other *Client
	ctx      context.Context
	top      string // what is before the names of folders: "" or "INBOX."
	delim    string
	box      string // an ordinary folder
}

// logins: STARTTLS works, a wrong password is told as one.
func (d *day) logins() {
	d.Helper()
	st := reachOf(d.T, d.r, func(c *Config) { c.Server.Port, c.Server.Security = d.r.IMAPPort, mail.SecuritySTARTTLS })
	if st.Security() != "TLS 1.3" {
		d.Errorf("STARTTLS: %s", st.Security())
	}
	_, err := Dial(d.ctx, Config{Password: "wrong", Server: st.cfg.Server})
	refusal(d.T, err, mail.ProblemAuth, true, true)
}

// quota: a server that has one says how much, in bytes.
func (d *day) quota() {
	d.Helper()
	q, ok, err := d.c.Quota(d.ctx)
	must(d.T, err)
	if ok != (d.r.Name == "Cyrus") || ok && (q.Limit != mailtest.CyrusQuota || q.Used < 0 || q.Used > q.Limit) {
		d.Errorf("quota: %+v, %v", q, ok)
	}
}

func (d *day) list() map[string]mail.RemoteFolder {
	d.Helper()
	fs, err := d.c.List(d.ctx)
	must(d.T, err)
	out := map[string]mail.RemoteFolder{}
	for _, f := range fs {
		out[f.Path] = f
	}
	return out
}

// folders: roles, odd names, renaming with children, deleting.
func (d *day) folders() {
	d.Helper()
	prefix, delim := d.c.Namespace()
	in := d.list()["INBOX"]
	if in.Role != mail.RoleInbox || !in.Selectable || in.Delimiter == "" || !in.HasStatus {
		d.Fatalf("INBOX: %+v", in)
	}
	d.top, d.delim = prefix, in.Delimiter
	if delim != "" && delim != in.Delimiter {
		d.Errorf("NAMESPACE says %q, LIST %q", delim, in.Delimiter)
	}
	if d.c.Capabilities().SpecialUse {
		for path, role := range map[string]mail.Role{"Sent": mail.RoleSent, "Drafts": mail.RoleDrafts, "Trash": mail.RoleTrash, "Junk": mail.RoleJunk, "Archive": mail.RoleArchive} {
			if f := d.list()[d.top+path]; f.Role != role || f.RoleGuessed {
				d.Errorf("%s: %+v", path, f)
			}
		}
	}
	odd := []string{"Ablage Größe", "R&D (50%)", "پروژه‌های تازه", `quo"ted \ back`, "日本語", "a b  c", "{5}", "+~1"}
	if d.delim == "." {
		odd = slices.DeleteFunc(odd, func(n string) bool { return strings.Contains(n, ".") })
	}
	made := map[string]bool{}
	for _, name := range odd {
		path := d.top + name
		if err := d.c.CreateFolder(d.ctx, path); err != nil {
			// A server may refuse a character; it has to say so, and the connection stays.
			e := remote.As(err)
			if e == nil || e.Closed || !e.Permanent {
				d.Errorf("create %q: %v", path, err)
			}
			continue
		}
		must(d.T, d.c.Subscribe(d.ctx, path, true))
		made[path] = true
	}
	if len(made) < len(odd)-3 {
		d.Errorf("only %d of %d names were taken", len(made), len(odd))
	}
	seen := d.list()
	var gone []string
	for path := range made {
		if f, ok := seen[path]; !ok || !f.Subscribed || !f.Selectable {
			d.Errorf("%q is listed as %+v", path, f)
		}
		st, err := d.c.Select(d.ctx, path)
		if must(d.T, err); st.UIDValidity == 0 || st.Exists != 0 {
			d.Errorf("%q: %+v", path, st)
		}
		if d.r.Name == "Courier" && path != d.top+odd[0] {
			continue // it sleeps two seconds with every folder it renames or deletes
		}
		child := path + d.delim + "kind"
		if err := d.c.CreateFolder(d.ctx, child); err != nil {
			d.Errorf("create %q: %v", child, err)
			continue
		}
		must(d.T, d.c.RenameFolder(d.ctx, child, path+d.delim+"Kinder ü"))
		must(d.T, d.c.DeleteFolder(d.ctx, path+d.delim+"Kinder ü"))
		must(d.T, d.c.DeleteFolder(d.ctx, path))
		gone = append(gone, path)
	}
	d.box = d.top + "Work & Büro"
	must(d.T, d.c.CreateFolder(d.ctx, d.box))
	if err := d.c.CreateFolder(d.ctx, d.box); err == nil {
		d.Error("a folder was made twice")
	} else if e := remote.As(err); e.Closed || !e.Permanent {
		d.Errorf("make a folder twice: %v", err)
	}
	if _, err := d.c.Select(d.ctx, d.top+"nowhere"); err == nil || remote.As(err).Closed || !remote.IsPermanent(err) {
		d.Errorf("select what is not there: %v", err)
	}
	left := d.list()
	for _, path := range gone {
		if _, ok := left[path]; ok {
			d.Errorf("%q is still there", path)
		}
	}
}

var dayDate = time.Date(2024, 2, 29, 23, 58, 7, 0, time.FixedZone("", 3*3600+1800))

// letters: uploads come back byte for byte, with date and flags.
func (d *day) letters() {
	d.Helper()
	raws := [][]byte{message(1), message(2), []byte("Subject: no id\r\n\r\n.\r\n..\r\nFrom here\r\n"), append(message(4), bytes.Repeat([]byte("long line "), 40000)...)}
	raws[3] = append(raws[3], '\r', '\n')
	for i, raw := range raws {
		uid, err := d.c.Append(d.ctx, "INBOX", mail.Flags{mail.FlagSeen, "peyk-tag"}, dayDate, int64(len(raw)), bytes.NewReader(raw))
		must(d.T, err)
		if d.c.Capabilities().UIDPlus && uid != mail.UID(i+1) {
			d.Errorf("message %d got UID %d", i, uid)
		}
	}
	all, bad := fetchAll(d.T, d.other, "INBOX", everything, remote.WantBody)
	if len(all) != len(raws) || len(bad) > 0 {
		d.Fatalf("%d messages, %v", len(all), bad)
	}
	for i, raw := range raws {
		g := all[mail.UID(i+1)]
		if g.body != string(raw) {
			d.Errorf("message %d: %d bytes came back of %d", i+1, len(g.body), len(raw))
		}
		if !g.Received.Equal(dayDate) || g.Size != int64(len(raw)) {
			d.Errorf("message %d: %v, %d bytes", i+1, g.Received, g.Size)
		}
		if !g.Flags.Has(mail.FlagSeen) || !g.Flags.Has("peyk-tag") {
			d.Errorf("message %d: %v", i+1, g.Flags)
		}
	}
	heads, _ := fetchAll(d.T, d.c, "INBOX", []remote.UIDRange{{First: 2, Last: 3}}, remote.WantHeader)
	if len(heads) != 2 || string(heads[2].Header) != strings.SplitAfter(string(message(2)), "\r\n\r\n")[0] {
		d.Errorf("headers: %q", heads[2].Header)
	}
	for id, want := range map[string]string{"<m2@example.org>": "[2]", "m9@example.org": "[]"} {
		uids, err := d.c.FindByHeaderID(d.ctx, "INBOX", id)
		if must(d.T, err); fmt.Sprint(uids) != want {
			d.Errorf("search %s: %v", id, uids)
		}
	}
	d.findsText()
	uids, err := d.c.UIDs(d.ctx, "INBOX")
	if must(d.T, err); fmt.Sprint(uids) != "[1 2 3 4]" {
		d.Errorf("UIDs: %v", uids)
	}
	raw := message(5)
	_, err = d.c.Append(d.ctx, d.top+"nowhere", nil, dayDate, int64(len(raw)), bytes.NewReader(raw))
	if e := remote.As(err); e == nil || e.Closed || !e.Permanent || e.Uncertain {
		d.Errorf("append to what is not there: %v", err)
	}
}

// moves: move, copy and expunge touch what they are told to, and nothing else.
func (d *day) moves() {
	d.Helper()
	must(d.T, d.other.StoreFlags(d.ctx, "INBOX", []mail.UID{4}, mail.Flags{mail.FlagDeleted}, nil)) // another client's mark
	copied, err := d.c.Copy(d.ctx, "INBOX", []mail.UID{1, 2}, d.box)
	must(d.T, err)
	moved, err := moveSafely(d.ctx, d.c, "INBOX", []mail.UID{3}, d.box)
	must(d.T, err)
	caps := d.c.Capabilities()
	if caps.UIDPlus && (copied[1] != 1 || copied[2] != 2 || moved[3] != 3) {
		d.Errorf("COPYUID: %v, %v", copied, moved)
	}
	if _, err := moveSafely(d.ctx, d.c, "INBOX", []mail.UID{1}, d.top+"nowhere"); err == nil || remote.As(err).Closed {
		d.Errorf("move to what is not there: %v", err)
	}
	there, _ := fetchAll(d.T, d.other, d.box, everything, remote.WantBody)
	if len(there) != 3 || there[1].body != string(message(1)) || !there[1].Flags.Has("peyk-tag") || there[1].Flags.Has(mail.FlagDeleted) {
		d.Errorf("in the other folder: %d messages, %v", len(there), there[1].Flags)
	}
	left, _ := fetchAll(d.T, d.other, "INBOX", everything, remote.WantFlags)
	_, third := left[3]
	switch {
	case left[1].UID != 1 || left[2].UID != 2 || left[4].UID != 4:
		d.Errorf("INBOX lost mail: %v", left)
	case third && (caps.UIDPlus || caps.Move), third && !left[3].Flags.Has(mail.FlagDeleted):
		d.Errorf("the moved message is still there: %v", left[3].Flags)
	}
	done, err := d.c.Expunge(d.ctx, "INBOX", []mail.UID{1})
	if must(d.T, err); done != caps.UIDPlus {
		d.Errorf("expunge: %v", done)
	}
	_, err = d.other.Select(d.ctx, "INBOX") // a fresh view
	must(d.T, err)
	left, _ = fetchAll(d.T, d.other, "INBOX", everything, remote.WantFlags)
	if _, first := left[1]; first == caps.UIDPlus || left[4].UID != 4 {
		d.Errorf("after expunging 1: %v", left)
	}
}

// changes: what another client does is seen, by CONDSTORE and QRESYNC where the server has them.
func (d *day) changes() {
	d.Helper()
	before, err := d.c.Select(d.ctx, d.box)
	must(d.T, err)
	must(d.T, d.other.StoreFlags(d.ctx, d.box, []mail.UID{2}, mail.Flags{mail.FlagFlagged}, mail.Flags{mail.FlagSeen, "peyk-tag"}))
	gone := false
	if d.other.Capabilities().UIDPlus {
		gone, err = d.other.Expunge(d.ctx, d.box, []mail.UID{1})
		must(d.T, err)
	}
	raw := message(6)
	_, err = d.other.Append(d.ctx, d.box, nil, dayDate, int64(len(raw)), bytes.NewReader(raw))
	must(d.T, err)

	states := map[mail.UID]mail.Flags{}
	vanished, ok, err := d.c.Changes(d.ctx, d.box, remote.Since{UIDValidity: before.UIDValidity, ModSeq: before.HighestMod}, func(st mail.FlagState) error {
		states[st.UID] = st.Flags
		return nil
	})
	must(d.T, err)
	caps := d.c.Capabilities()
	if ok != (caps.CondStore && before.HighestMod != 0) {
		d.Errorf("changes by modification sequence: %v, with %+v", ok, caps)
	}
	if ok && caps.QResync && !gone == slices.ContainsFunc(vanished, func(r remote.UIDRange) bool { return r.First <= 1 && r.Last >= 1 }) {
		d.Errorf("vanished: %v", vanished)
	}
	after, err := d.c.Select(d.ctx, d.box)
	if must(d.T, err); after.UIDValidity != before.UIDValidity || after.UIDNext != 0 && after.UIDNext != 5 {
		d.Errorf("from %+v to %+v", before, after)
	}
	if !ok {
		all, _ := fetchAll(d.T, d.c, d.box, everything, remote.WantFlags)
		for u, g := range all {
			states[u] = g.Flags
		}
	}
	if f := states[2]; !f.Has(mail.FlagFlagged) || f.Has(mail.FlagSeen) || f.Has("peyk-tag") {
		d.Errorf("flags after another client's change: %v", states)
	}
	if _, ok := states[4]; !ok {
		d.Errorf("the new message is not among the changes: %v", states)
	}
}

// idle: new mail by another client ends the wait.
func (d *day) idle() {
	d.Helper()
	if _, err := d.c.Select(d.ctx, "INBOX"); err != nil {
		d.Fatal(err)
	}
	if !d.c.Capabilities().Push {
		if changed, err := d.c.Idle(d.ctx, "INBOX", 30*time.Millisecond); changed || err != nil {
			d.Errorf("without IDLE: %v, %v", changed, err)
		}
		return
	}
	done := make(chan error, 1)
	go func() {
		time.Sleep(200 * time.Millisecond)
		raw := message(7)
		_, err := d.other.Append(d.ctx, "INBOX", nil, time.Now(), int64(len(raw)), bytes.NewReader(raw))
		done <- err
	}()
	// Without its notification daemon Courier only looks once a minute; it tells when IDLE ends.
	wait := 30 * time.Second
	if d.r.Name == "Courier" {
		wait = time.Second
	}
	changed, err := d.c.Idle(d.ctx, "INBOX", wait)
	must(d.T, err)
	must(d.T, <-done)
	if !changed {
		must(d.T, d.c.Noop(d.ctx))
		if changed, err = d.c.Idle(d.ctx, "INBOX", time.Second); err != nil {
			d.Fatal(err)
		}
	}
	if !changed {
		d.Error("new mail did not end the wait")
	}
}
