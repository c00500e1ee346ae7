package mailsync_test

import (
	"bytes"
	"slices"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// cutOnce is a session whose connection ends once before the server hears of a copy, when it should.
func cutOnce(r *rig, cut *bool, tellsUIDs bool) func(remote.Remote) remote.Remote {
	return func(s remote.Remote) remote.Remote {
		return copier{s.(remote.Mailboxes), true, func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
			if *cut {
				*cut = false
				in.Close()
				return nil, errCut
			}
			told, err := in.Copy(r.ctx, path, uids, dest)
			if !tellsUIDs {
				told = nil
			}
			return told, err
		}}
	}
}

// A copy that an operation before it has made, and whose UID the server did not tell, is not taken for the one that was lost with the connection.
func TestACopyForEachOfTwoOperations(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.dove.Deliver("ali", letter(1, "twice", "x"))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	cut := false
	r.wrap = cutOnce(r, &cut, false)
	work := r.folder(a, "Work").ID
	ids := []mail.MessageID{r.find(r.inbox(a), "twice").ID}
	r.do(mail.Action{Kind: mail.ActCopy, Messages: ids, Folder: work})
	r.e.Operations(r.ctx, a)
	cut = true
	r.do(mail.Action{Kind: mail.ActCopy, Messages: ids, Folder: work})
	for range 2 {
		r.e.Operations(r.ctx, a)
	}
	if n := len(r.dove.Messages("ali", "Work")); cut || n != 2 {
		t.Errorf("cut %v: %d copies, want 2", cut, n)
	}
	r.sync(a)
	r.sameMail(a, "ali", "Work")
}

// What somebody else put there meanwhile under the same Message-ID is another message when it has another size: it is not taken for the copy, after which the
// original would go.
func TestAStrangerIsNotTheCopy(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	ours := letter(1, "ours", "x")
	r.dove.Deliver("ali", ours)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	cut := true
	r.wrap = cutOnce(r, &cut, true)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "ours").ID}, Folder: r.folder(a, "Work").ID})
	r.e.Operations(r.ctx, a)
	r.dove.DeliverTo("ali", "Work", letter(1, "ours", "as a list has changed it"))
	r.e.Operations(r.ctx, a)
	if in, work := len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "Work")); cut || in != 0 || work != 2 {
		t.Errorf("cut %v: %d in the inbox, %d in Work; want 0 and 2", cut, in, work)
	}
	r.sync(a)
	r.sameMail(a, "ali", "Work")
}

// A server without UIDPLUS refuses to copy a message that has no Message-ID, by which the copy could be looked for: the original is not marked as deleted.
func TestARefusedCopyKeepsTheOriginal(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.dove.Deliver("ali", bytes.Replace(letter(1, "nameless", "x"), []byte("Message-ID: <m1@peyk.test>\r\n"), nil, 1))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	id := r.find(r.inbox(a), "nameless").ID
	refused := 0
	r.wrap = func(s remote.Remote) remote.Remote {
		return copier{s.(remote.Mailboxes), false, func(remote.Mailboxes, string, []mail.UID, string) (map[mail.UID]mail.UID, error) {
			refused++
			return nil, &remote.Error{Step: "copy", Kind: mail.ProblemServer, Permanent: true, Text: "[OVERQUOTA] no room"}
		}}
	}
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{id}, Folder: r.folder(a, "Work").ID})
	if res := r.pass(a); refused == 0 || len(res.Failed) == 0 {
		t.Errorf("refused %d times, and told %+v", refused, res.Failed)
	}
	if flags := r.dove.Flags("ali", "INBOX"); len(flags) != 1 || slices.Contains(flags[0], `\Deleted`) {
		t.Errorf("the original has the flags %v", flags)
	}
	if row := r.find(r.inbox(a), "nameless"); row.ID != id {
		t.Errorf("here it is %+v", row)
	}
}

// Of two messages with one Message-ID, or of two without any, a copy of the one is not taken for that of the other: whoever looks for a copy whose answer was lost finds
// it by its size, whatever an operation before it has brought there.
func TestACopyOfAnotherSizeIsOfAnotherMessage(t *testing.T) {
	t.Parallel()
	for name, without := range map[string]string{"one Message-ID": "", "none": "Message-ID: <m1@peyk.test>\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
			for _, m := range [][]byte{letter(1, "to me", "x"), letter(1, "to the list", "x, and where to write to leave it")} {
				r.dove.Deliver("ali", bytes.Replace(m, []byte(without), nil, 1))
			}
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			lose := false
			r.wrap = func(s remote.Remote) remote.Remote {
				return copier{s.(remote.Mailboxes), true, func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
					_, err := in.Copy(r.ctx, path, uids, dest)
					if err == nil && lose {
						lose = false
						in.Close()
						err = errCut
					}
					return nil, err
				}}
			}
			work, in := r.folder(a, "Work").ID, r.inbox(a)
			first, second := r.find(in, "to me").ID, r.find(in, "to the list").ID
			r.do(mail.Action{Kind: mail.ActCopy, Messages: []mail.MessageID{first}, Folder: work})
			r.e.Operations(r.ctx, a)
			lose = true
			r.do(mail.Action{Kind: mail.ActCopy, Messages: []mail.MessageID{second}, Folder: work})
			for range 2 {
				r.e.Operations(r.ctx, a)
			}
			if n := len(r.dove.Messages("ali", "Work")); lose || n != 2 {
				t.Errorf("lost %v: %d copies, want one of each", !lose, n)
			}
			r.sync(a)
			r.sameMail(a, "ali", "Work")
		})
	}
}
