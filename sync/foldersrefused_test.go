package mailsync_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// sealed is a session of a server on which nobody may change the folders. As often as cuts says it ends before the server hears of it.
type sealed struct {
	remote.Mailboxes
	cuts *int
}

func (s sealed) refuse() error {
	if *s.cuts--; *s.cuts >= 0 {
		s.Close()
		return errCut
	}
	return &remote.Error{Host: "127.0.0.1", Step: "folder", Kind: mail.ProblemServer, Permanent: true, Text: "[NOPERM] Permission denied"}
}

func (s sealed) CreateFolder(context.Context, string) error         { return s.refuse() }
func (s sealed) RenameFolder(context.Context, string, string) error { return s.refuse() }
func (s sealed) DeleteFolder(context.Context, string) error         { return s.refuse() }

// A change of a folder that the server refuses is told and taken back, also when the connection ended at it before: the folders here are those of the server, with all
// their mail.
func TestRefusedChangesOfFolders(t *testing.T) {
	t.Parallel()
	for name, cuts := range map[string]int{"at once": 0, "after a connection that broke": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, change := range map[string]func(r *rig, a mail.Account) mail.Op{
				"create": func(_ *rig, a mail.Account) mail.Op { return mail.Op{Account: a.ID, Kind: mail.OpCreate, Name: "New"} },
				"rename": func(r *rig, a mail.Account) mail.Op {
					return mail.Op{Account: a.ID, Kind: mail.OpRename, Folder: r.folder(a, "Old").ID, Name: "New"}
				},
				"delete": func(r *rig, a mail.Account) mail.Op {
					return mail.Op{Account: a.ID, Kind: mail.OpDropFolder, Folder: r.folder(a, "Old").ID}
				},
			} {
				r := newRig(t, mailtest.DovecotOptions{}, false)
				r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Old")
				r.dove.DeliverTo("ali", "Old", letter(1, "kept", "text"))
				a := r.account("ali", mail.IMAP, nil)
				r.sync(a)
				op, cuts := change(r, a), cuts
				r.wrap = func(s remote.Remote) remote.Remote { return sealed{s.(remote.Mailboxes), &cuts} }
				if _, err := r.st.Submit(r.ctx, []mail.Op{op}); err != nil {
					t.Fatal(err)
				}
				told := ""
				for range 3 {
					told += strings.Join(r.pass(a).Failed, "; ")
				}
				if !strings.Contains(told, "Permission denied") {
					t.Errorf("%s: told is %q", what, told)
				}
				all, err := r.st.Folders(r.ctx, a.ID)
				if err != nil || slices.ContainsFunc(all, func(f mail.Folder) bool { return f.Path == "New" }) {
					t.Errorf("%s: the folders are %+v, %v", what, all, err)
				}
				r.find(r.folder(a, "Old"), "kept")
				r.sameMail(a, "ali", "Old")
			}
		})
	}
}
