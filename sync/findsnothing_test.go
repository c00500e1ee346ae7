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

// Many messages that are moved at once are all found, and the headers of what came are read once.
func TestMoveOfManyOnAServerThatFindsNothing(t *testing.T) {
	t.Parallel()
	const many = 230
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	a := r.account("ali", mail.IMAP, nil)
	r.dove.Deliver("ali", letters(0, many)...)
	r.sync(a)
	fetches := 0
	r.wrap = func(s remote.Remote) remote.Remote {
		return findsNothing{copier{headsCounted{s.(remote.Mailboxes), "Work", &fetches}, false, func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
			_, err := in.Copy(context.Background(), path, uids, dest)
			return nil, err
		}}, nil}
	}
	var ids []mail.MessageID
	for _, row := range r.rows(r.inbox(a)) {
		ids = append(ids, row.ID)
	}
	r.do(mail.Action{Kind: mail.ActMove, Messages: ids, Folder: r.folder(a, "Work").ID})
	if res := r.pass(a); len(res.Failed) > 0 || len(ids) != many {
		t.Errorf("of %d: %+v", len(ids), res.Failed)
	}
	if in, work := len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "Work")); in != 0 || work != many || fetches > 3 {
		t.Errorf("%d left, %d there, %d times fetched", in, work, fetches)
	}
}

// headsCounted counts how often headers of a folder are fetched.
type headsCounted struct {
	remote.Mailboxes
	path string
	n    *int
}

func (c headsCounted) Fetch(ctx context.Context, path string, set []remote.UIDRange, want remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	if path == c.path && want == remote.WantHeader {
		*c.n++
	}
	return c.Mailboxes.Fetch(ctx, path, set, want, fn)
}
