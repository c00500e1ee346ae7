package mailsync_test

import (
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A folder that is moved to the top level lies beside the others, also on a server that has everything below INBOX, with what lies in it; and
// moving it there again is nothing.
func TestFolderToTheTopLevel(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start func(t *testing.T) mailtest.Reach
		top   string
		sep   string
	}{
		"Courier": {func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) }, "INBOX.", "."},
		"Dovecot": {func(t *testing.T) mailtest.Reach { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}).Reach() }, "", "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := tc.start(t)
			sub := tc.top + "Work" + tc.sep + "Sub"
			for _, path := range []string{tc.top + "Work", sub, sub + tc.sep + "Deep"} {
				box.Command(t, "ali", "CREATE "+path, "SUBSCRIBE "+path)
				box.Append(t, "ali", path, letters(0, 2)...)
			}
			r := newRigAt(t, box)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			id := r.folder(a, sub).ID
			r.do(mail.Action{Kind: mail.ActTopFolder, Account: a.ID, Folder: id})
			r.sync(a)
			r.sync(a)
			for _, path := range []string{"Sub", "Sub" + tc.sep + "Deep"} {
				r.same(a, tc.top+path, 2)
				if n := len(box.Messages(t, "ali", tc.top+path)); n != 2 {
					t.Errorf("%d messages in %s on the server", n, path)
				}
			}
			if f := r.folder(a, tc.top+"Sub"); f.ID != id {
				t.Error("it is another folder")
			}
			if g := r.do(mail.Action{Kind: mail.ActTopFolder, Account: a.ID, Folder: id}); g != 0 {
				t.Error("it was moved to where it is")
			}
			fs, err := r.st.Folders(r.ctx, a.ID)
			if err != nil || slices.ContainsFunc(fs, func(f mail.Folder) bool { return strings.Contains(f.Path, "Work"+tc.sep) && !f.Missing }) {
				t.Errorf("%+v, %v", fs, err)
			}
			r.sound()
		})
	}
}
