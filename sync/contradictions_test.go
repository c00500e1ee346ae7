package mailsync_test

import (
	"context"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A Dovecot that has lost its index files keeps UIDVALIDITY and UIDs, and counts its modification sequences from the beginning again.
// What changes from then on is seen.
func TestModificationSequencesThatGoBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	a := r.account("ali", mail.IMAP, nil)
	r.box.Command(t, "ali", "SELECT INBOX", `UID STORE 1 +FLAGS (\Answered)`, `UID STORE 1 -FLAGS (\Answered)`, `UID STORE 1 +FLAGS ($Junk)`, `UID STORE 1 -FLAGS ($Junk)`)
	r.sync(a)
	before := r.inbox(a)
	r.dove.Stop()
	indexes, err := filepath.Glob(filepath.Join(r.dove.Dir, "mail", "ali", "Maildir", "dovecot*index*"))
	if err != nil || len(indexes) == 0 {
		t.Fatalf("no index files: %v", err)
	}
	for _, f := range indexes {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	r.dove.Start()
	r.box.Command(t, "ali", "SELECT INBOX", `UID STORE 3 +FLAGS.SILENT (\Flagged)`)
	r.sync(a)
	after := r.inbox(a)
	if after.UIDValidity != before.UIDValidity || after.HighestMod == 0 || after.HighestMod >= before.HighestMod {
		t.Fatalf("the server did not go back: %d, %d; now %d, %d", before.UIDValidity, before.HighestMod, after.UIDValidity, after.HighestMod)
	}
	if row := r.find(after, "message 2"); !row.Flags.Has(mail.FlagFlagged) {
		t.Errorf("the change is not seen: %v", row.Flags)
	}
	r.box.Command(t, "ali", "SELECT INBOX", `UID STORE 5 +FLAGS.SILENT (\Flagged)`)
	r.sync(a)
	if row := r.find(r.inbox(a), "message 4"); !row.Flags.Has(mail.FlagFlagged) {
		t.Errorf("the next change is not seen: %v", row.Flags)
	}
	r.sameMail(a, "ali", "INBOX")
	r.sound()
}

// contradicting says things about folders that cannot all be true.
type contradicting struct {
	remote.Mailboxes
	vanished []remote.UIDRange // by Changes, besides what has
	exists   func(n uint32) uint32
	noList   bool
}

func (c contradicting) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	list, err := c.Mailboxes.List(ctx)
	if c.noList {
		list = nil
	}
	for i := range list {
		list[i].HasStatus = false
	}
	return list, err
}

func (c contradicting) state(st remote.MailboxState) remote.MailboxState {
	st.HighestMod += 1000 // something has changed
	if c.exists != nil {
		st.Exists = c.exists(st.Exists)
	}
	return st
}

func (c contradicting) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	st, err := c.Mailboxes.Select(ctx, path)
	return c.state(st), err
}

func (c contradicting) State(path string) (remote.MailboxState, bool) {
	st, ok := c.Mailboxes.State(path)
	return c.state(st), ok
}

func (c contradicting) Changes(ctx context.Context, path string, since remote.Since, fn func(mail.FlagState) error) ([]remote.UIDRange, bool, error) {
	gone, ok, err := c.Mailboxes.Changes(ctx, path, since, fn)
	return append(gone, c.vanished...), ok, err
}

// What does not agree with itself makes no message look deleted: their rows stay, with all that hangs on them.
func TestContradictionsRemoveNothing(t *testing.T) {
	everything := remote.UIDRange{First: 1, Last: math.MaxUint32}
	bomb := make([]remote.UIDRange, 1<<20)
	for i := range bomb {
		bomb[i] = everything
	}
	for name, c := range map[string]contradicting{
		"everything has vanished, and is there":             {vanished: []remote.UIDRange{everything}},
		"everything has vanished a million times":           {vanished: bomb},
		"some have vanished, and are there":                 {vanished: []remote.UIDRange{{First: 2, Last: 3}, {First: 3}}},
		"nothing is there, and is listed":                   {exists: func(uint32) uint32 { return 0 }},
		"nothing is there, everything vanished, and listed": {exists: func(uint32) uint32 { return 1 }, vanished: []remote.UIDRange{everything}},
		"no folder is there":                                {noList: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 8)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			ids := map[mail.MessageID]bool{}
			for _, row := range r.rows(r.inbox(a)) {
				ids[row.ID] = true
			}
			r.wrap = func(s remote.Remote) remote.Remote { c := c; c.Mailboxes = s.(remote.Mailboxes); return c }
			peak, _ := mailtest.Peak(func() {
				for range 3 {
					if res := r.pass(a); res.Removed != 0 || (len(res.Failed) > 0) != c.noList {
						t.Errorf("removed %d, failed: %v", res.Removed, res.Failed)
					}
				}
			})
			if peak > 100<<20 {
				t.Errorf("%d MB", peak>>20)
			}
			r.wrap = nil
			if res := r.sync(a); res.New+res.Removed != 0 {
				t.Errorf("with the truth: %+v", res)
			}
			rows := r.rows(r.inbox(a))
			for _, row := range rows {
				if !ids[row.ID] {
					t.Errorf("message %d is another one", row.ID)
				}
			}
			if len(rows) != 8 {
				t.Errorf("%d messages", len(rows))
			}
			r.sound()
		})
	}
}

// misplacing moves as it is told, and gives each message the UID of another one for its new one.
type misplacing struct {
	remote.Mailboxes
	uid mail.UID
}

func (m misplacing) Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	moved, err := m.Mailboxes.Move(ctx, path, uids, dest)
	for u := range moved {
		moved[u] = m.uid
	}
	return moved, err
}

// A COPYUID that names a message which is there already neither hides that one nor gives its place away.
func TestCopyUIDOfAnotherMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.box.Append(t, "ali", "Archive", letters(100, 3)...)
	r.dove.Deliver("ali", letters(0, 3)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	archive := r.folder(a, "Archive")
	there, moved := r.find(archive, "message 101"), r.find(r.inbox(a), "message 1")
	r.wrap = func(s remote.Remote) remote.Remote { return misplacing{s.(remote.Mailboxes), there.UID} }
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{moved.ID}, Folder: archive.ID})
	r.sync(a)
	r.wrap = nil
	r.sync(a)
	if now := r.find(archive, "message 101"); now.ID != there.ID || now.UID != there.UID {
		t.Errorf("was %d (UID %d), is %d (UID %d)", there.ID, there.UID, now.ID, now.UID)
	}
	if now := r.find(archive, "message 1"); now.ID != moved.ID || now.UID != 4 {
		t.Errorf("moved message: %d (UID %d)", now.ID, now.UID)
	}
	r.sameMail(a, "ali", "Archive")
	r.sameMail(a, "ali", "INBOX")
	// What is done to it now is done to it.
	r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{moved.ID}})
	r.sync(a)
	r.sameMail(a, "ali", "Archive")
	if n := len(r.rows(archive)); n != 3 {
		t.Errorf("%d messages in the archive", n)
	}
	r.sound()
}

// Another client has made a folder anew, and nobody here knows yet: the UID that the server tells of a copy there belongs to the new one, in
// which it would name another message than in the old one. The message is found by itself, and what was done to it after is done to it.
func TestCopyUIDOfAnotherLife(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]mailtest.DovecotOptions{"MOVE": {}, "COPY": servers[2].dovecot} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, server, false)
			r.box.Append(t, "ali", "Archive", letters(100, 3)...)
			r.dove.Deliver("ali", letters(0, 3)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			archive := r.folder(a, "Archive")
			r.box.Command(t, "ali", "DELETE Archive", "CREATE Archive", "SUBSCRIBE Archive")
			moved := r.find(r.inbox(a), "message 1")
			told := map[mail.UID]mail.UID{}
			r.wrap = func(s remote.Remote) remote.Remote { return telling{s.(remote.Mailboxes), told} }
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{moved.ID}, Folder: archive.ID})
			r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{moved.ID}})
			r.sync(a)
			if len(told) > 0 {
				t.Errorf("believed: %v", told)
			}
			r.sync(a)
			if now := r.find(r.folder(a, "Archive"), "message 1"); now.ID != moved.ID || !now.Flags.Has(mail.FlagFlagged) {
				t.Errorf("moved message: %+v", now)
			}
			if f := r.dove.Flags("ali", "Archive"); len(f) != 1 || !slices.Contains(f[0], `\Flagged`) {
				t.Errorf("on the server: %v", f)
			}
			r.sameMail(a, "ali", "Archive")
			r.sound()
		})
	}
}

// telling notes which new UIDs its server tells and its client believes.
type telling struct {
	remote.Mailboxes
	told map[mail.UID]mail.UID
}

func (l telling) Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	m, err := l.Mailboxes.Move(ctx, path, uids, dest)
	maps.Copy(l.told, m)
	return m, err
}

func (l telling) Copy(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	m, err := l.Mailboxes.Copy(ctx, path, uids, dest)
	maps.Copy(l.told, m)
	return m, err
}

// forgetful does not say in one answer which UIDVALIDITY a folder has.
type forgetful struct{ remote.Mailboxes }

func (f forgetful) State(path string) (remote.MailboxState, bool) {
	st, ok := f.Mailboxes.State(path)
	st.UIDValidity = 0
	return st, ok
}

// A UIDVALIDITY that is not said once is no other one: nothing is fetched again.
func TestUIDValidityNotSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	before := r.inbox(a)
	r.wrap = func(s remote.Remote) remote.Remote { return forgetful{s.(remote.Mailboxes)} }
	r.dove.Deliver("ali", letters(8, 1)...)
	r.box.Command(t, "ali", "SELECT INBOX", `UID STORE 2 +FLAGS.SILENT (\Flagged)`)
	res := r.sync(a)
	if now := r.inbox(a); res.New != 1 || res.Removed != 0 || now.UIDValidity != before.UIDValidity || !r.find(now, "message 1").Flags.Has(mail.FlagFlagged) {
		t.Errorf("%+v, UIDVALIDITY %d, before %d", res, now.UIDValidity, before.UIDValidity)
	}
	r.sameMail(a, "ali", "INBOX")
	r.sound()
}
