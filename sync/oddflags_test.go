package mailsync_test

import (
	"context"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// countless is a session of a server that counts no changes, and tells no numbers of folders: everything is compared in each pass.
type countless struct{ remote.Mailboxes }

func (c countless) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	list, err := c.Mailboxes.List(ctx)
	for i := range list {
		list[i].HasStatus, list[i].HighestMod = false, 0
	}
	return list, err
}

func (c countless) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	st, err := c.Mailboxes.Select(ctx, path)
	st.HighestMod = 0
	return st, err
}

func (c countless) Capabilities() mail.Capabilities {
	caps := c.Mailboxes.Capabilities()
	caps.CondStore, caps.QResync = false, false
	return caps
}

// Flags that other programs set in their own words, twice in different words, in other letters or with odd ones are compared as they are
// stored: a pass in which nothing changed says so.
func TestFlagsInOtherWordsAreNoChange(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 5)...)
	r.box.Command(t, "ali", "SELECT INBOX", "UID STORE 1:3 +FLAGS (NonJunk)", "UID STORE 2 +FLAGS (Junk $Junk Forwarded)", "UID STORE 3 +FLAGS (My_Tag !odd~[x+ $label1)",
		`UID STORE 4 +FLAGS (\Seen $NotJunk nonjunk)`)
	r.wrap = func(s remote.Remote) remote.Remote { return countless{s.(remote.Mailboxes)} }
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for range 2 {
		if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
			t.Errorf("a pass without news: %+v", res)
		}
	}
	r.box.Command(t, "ali", "SELECT INBOX", "UID STORE 3 -FLAGS (My_Tag)", "UID STORE 1 -FLAGS (NonJunk)")
	if res := r.sync(a); res.Updated != 2 {
		t.Errorf("two changes: %+v", res)
	}
	r.sound()
}
