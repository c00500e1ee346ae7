package mailsync_test

import (
	"errors"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestALevelWithoutAName is refused before a server makes another folder of it.
func TestALevelWithoutAName(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Bills/2024"})
	r.sync(a)
	bills := r.folder(a, "Bills/2024")
	for _, x := range []mail.Action{
		{Kind: mail.ActNewFolder, Account: a.ID, Name: "Taxes/"},
		{Kind: mail.ActNewFolder, Account: a.ID, Name: "/Taxes"},
		{Kind: mail.ActNewFolder, Account: a.ID, Name: "Taxes//2024"},
		{Kind: mail.ActNewFolder, Folder: bills.ID, Name: "/"},
		{Kind: mail.ActRename, Folder: bills.ID, Name: "Bills/ /2024"},
	} {
		_, err := r.e.Do(r.ctx, x)
		var refused *mail.Refusal
		if !errors.As(err, &refused) || refused.Code != mail.CodeFolderName {
			t.Errorf("%s %q: %v", x.Kind, x.Name, err)
		}
	}
}
