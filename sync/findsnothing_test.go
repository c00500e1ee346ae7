package mailsync_test

import (
	"context"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// findsNothing is a server without UIDPLUS that finds no message by its header, or refuses to look for one.
type findsNothing struct {
	copier
	why error
}

func (f findsNothing) FindByHeaderID(context.Context, string, string) ([]mail.UID, error) {
	return nil, f.why
}

// Servers whose search goes by an index that is behind (Exchange before it had UIDPLUS), or that cannot search in headers, do not find the copy that
// they have just made. It is among the messages that came since, so a move is done once and not undone here while it stands there.
func TestMoveOnAServerThatFindsNothing(t *testing.T) {
	t.Parallel()
	untold := func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
		_, err := in.Copy(context.Background(), path, uids, dest)
		return nil, err
	}
	for name, why := range map[string]error{
		"nothing found": nil,
		"refused":       &remote.Error{Host: "127.0.0.1", Step: "search", Kind: mail.ProblemServer, Permanent: true, Text: "HEADER is not supported"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
			a := r.account("ali", mail.IMAP, nil)
			r.dove.Deliver("ali", letters(0, 2)...)
			r.sync(a)
			r.wrap = func(s remote.Remote) remote.Remote {
				return findsNothing{copier{s.(remote.Mailboxes), false, untold}, why}
			}
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "message 0").ID}, Folder: r.folder(a, "Work").ID})
			if res := r.pass(a); len(res.Failed) > 0 {
				t.Errorf("%+v", res.Failed)
			}
			if res := r.pass(a); len(res.Failed) > 0 || res.New > 0 {
				t.Errorf("the next pass: %+v", res)
			}
			in, work := subjects(r.dove.Messages("ali", "INBOX")), subjects(r.dove.Messages("ali", "Work"))
			if in["message 0"] != 0 || in["message 1"] != 1 || work["message 0"] != 1 || len(r.rows(r.inbox(a))) != 1 || len(r.rows(r.folder(a, "Work"))) != 1 {
				t.Errorf("inbox %v, Work %v; here %d and %d", in, work, len(r.rows(r.inbox(a))), len(r.rows(r.folder(a, "Work"))))
			}
		})
	}
}
