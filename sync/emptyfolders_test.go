package mailsync_test

import (
	"context"
	"fmt"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// manyFolders lists empty folders besides those that are there.
type manyFolders struct {
	remote.Mailboxes
	n int
}

func (m manyFolders) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	list, err := m.Mailboxes.List(ctx)
	for i := range m.n {
		list = append(list, mail.RemoteFolder{Path: fmt.Sprintf("Empty/%d", i), Delimiter: "/", Selectable: true, HasStatus: true, UIDValidity: 7, UIDNext: 1, HighestMod: 1})
	}
	return list, err
}

// Folders of which the listing says that they are empty are not opened, and noted together: each is known to be empty afterwards, also where the
// pass fails behind them, and the next pass has nothing to do with them.
func TestEmptyFoldersAreNotedTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.box.Append(t, "ali", "Trash", letters(0, 1)...) // comes last
	f := &refusing{path: "Trash", why: remote.Error{Kind: mail.ProblemNetwork, Step: "select", Closed: true}}
	r.wrap = func(s remote.Remote) remote.Remote { return refuser{manyFolders{s.(remote.Mailboxes), 450}, f} }
	a := r.account("ali", mail.IMAP, nil)
	if res := r.pass(a); len(res.Failed) != 1 {
		t.Errorf("told %q", res.Failed)
	}
	known := 0
	fs, err := r.st.Folders(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fs {
		if f.UIDValidity == 7 && f.UIDNext == 1 && f.HighestMod == 1 {
			known++
		}
	}
	if known != 450 {
		t.Errorf("%d folders are known to be empty", known)
	}
	f.path = ""
	if res := r.sync(a); res.New != 1 {
		t.Errorf("the next pass: %+v", res)
	}
	r.sound()
}
