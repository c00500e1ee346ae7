package mailsync_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

func TestIMAPReceivesByteExact(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	odd := []byte("From: a@b\r\nSubject: bare\r\n\r\nno end of line at the end, \x00 and \xff\xfe bytes")
	large := letter(900, "large", strings.Repeat("0123456789 سلام\r\n", 120_000))
	r.dove.Deliver("ali", append(letters(0, 120), large, odd[:len(odd)-24])...)
	r.dove.DeliverTo("ali", "Archive", letter(950, "old", "kept"))
	a := r.account("ali", mail.IMAP, nil)
	res := r.sync(a)
	if res.New != 123 {
		t.Errorf("new = %d, want 123", res.New)
	}
	if res.BytesIn < int64(len(large)) {
		t.Errorf("bytes_in = %d, less than the largest message", res.BytesIn)
	}
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Archive")
	in := r.inbox(a)
	if in.Total != 122 || in.Unread != 122 {
		t.Errorf("inbox counts %d/%d, want 122/122", in.Unread, in.Total)
	}
	res = r.sync(a)
	if res.New+res.Updated+res.Removed != 0 {
		t.Errorf("a pass without changes did %+v", res)
	}
	// What has been received is readable without any server.
	r.dove.Stop()
	c, err := r.e.Content(r.ctx, r.find(in, "message 7").ID)
	if err != nil || !strings.Contains(c.Text, "body of 7") {
		t.Errorf("offline content %q, %v", c.Text, err)
	}
}

// What another client does appears here: with CONDSTORE and QRESYNC, and on servers without them.
func TestIMAPFollowsAnotherClient(t *testing.T) {
	t.Parallel()
	for name, extra := range map[string]string{
		"qresync": "",
		"plain":   "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS SPECIAL-USE\n",
	} {
		t.Run(name, func(t *testing.T) {
			o := mailtest.DovecotOptions{}
			if extra != "" {
				o.Extra = "protocol imap {\n" + extra + "}\n"
			}
			r := newRig(t, o, false)
			r.dove.Deliver("ali", letters(0, 20)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			in := r.inbox(a)
			uids := r.dove.UIDs("ali", "INBOX")
			adm := func(args ...string) { r.dove.Doveadm(args...) }
			adm("flags", "add", "-u", "ali", `\Seen \Flagged Work`, "mailbox", "INBOX", "uid", fmt.Sprint(uids[3]))
			adm("expunge", "-u", "ali", "mailbox", "INBOX", "uid", fmt.Sprint(uids[5]))
			adm("move", "-u", "ali", "Archive", "mailbox", "INBOX", "uid", fmt.Sprint(uids[6]))
			adm("mailbox", "create", "-u", "ali", "Projects/Peyk")
			r.dove.Deliver("ali", letters(100, 2)...)
			res := r.sync(a)
			if res.New != 3 || res.Removed != 2 || res.Updated != 1 {
				t.Errorf("new %d, removed %d, updated %d; want 3, 2, 1", res.New, res.Removed, res.Updated)
			}
			r.sameMail(a, "ali", "INBOX")
			r.sameMail(a, "ali", "Archive")
			row := r.find(in, "message 3")
			for _, f := range []mail.Flag{mail.FlagSeen, mail.FlagFlagged, "Work"} {
				if !row.Flags.Has(f) {
					t.Errorf("flags %v lack %s", row.Flags, f)
				}
			}
			r.folder(a, "Projects/Peyk")
			adm("mailbox", "delete", "-u", "ali", "Projects/Peyk")
			r.sync(a)
			if f, err := r.st.FolderByPath(r.ctx, a.ID, "Projects/Peyk"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a folder that the server no longer has is still there after one pass: %+v, %v", f, err)
			}
		})
	}
}

func TestUIDValidityChangeKeepsEverything(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 30)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	star := r.find(r.inbox(a), "message 4")
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{star.ID}})
	// The mailbox is rebuilt: same mail, new UIDVALIDITY, other UIDs.
	msgs := r.dove.Messages("ali", "INBOX")
	slices.Reverse(msgs)
	r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", "777", "INBOX")
	r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "all")
	r.dove.Deliver("ali", msgs...)
	r.sync(a)
	r.sync(a)
	r.sameMail(a, "ali", "INBOX")
	if in := r.inbox(a); in.Total != 30 {
		t.Errorf("%d messages, want 30", in.Total)
	}
	if !r.find(r.inbox(a), "message 4").Starred() {
		t.Error("the star given before the change is lost")
	}
	flagged := 0
	for _, f := range r.dove.Flags("ali", "INBOX") {
		if slices.Contains(f, `\Flagged`) {
			flagged++
		}
	}
	if flagged != 1 {
		t.Errorf("%d messages are flagged on the server, want the one that was starred", flagged)
	}
}

func TestOfflineRules(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		days int
		here int // bodies here after a pass
	}{{"everything", 0, 3}, {"ten days", 10, 0}, {"on demand", -1, 0}} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 3)...)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays = tc.days })
			if tc.days > 0 {
				r.days(40) // what lies there is older than the rule by now
			}
			r.sync(a)
			here := 0
			rows := r.rows(r.inbox(a))
			for _, row := range rows {
				if row.HasBody {
					here++
				}
			}
			if here != tc.here || len(rows) != 3 {
				t.Fatalf("%d of %d bodies are here, want %d of 3", here, len(rows), tc.here)
			}
			if tc.here == 3 {
				return
			}
			id := rows[0].ID
			c, err := r.e.Content(r.ctx, id)
			if err != nil || !c.Partial || c.Row.Subject == "" {
				t.Fatalf("content before: partial %v, %v", c.Partial, err)
			}
			if err := r.e.Want(r.ctx, id, nil); err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(r.raw(id), []byte("body of")) {
				t.Error("the body did not come")
			}
		})
	}
}
