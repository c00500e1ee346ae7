package mailsync_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// On a server without UIDPLUS a message without Message-ID is moved like any other: its copy is looked for by header and size, and only when it is there
// is the original marked as deleted.
func TestMoveWithoutMessageIDAndUIDPLUS(t *testing.T) {
	t.Parallel()
	for name, lies := range map[string]bool{"copied": false, "only said to be copied": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, servers[2].dovecot, false)
			r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
			r.dove.Deliver("ali", bytes.Replace(letter(1, "nameless", "x"), []byte("Message-ID: <m1@peyk.test>\r\n"), nil, 1))
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			id := r.find(r.inbox(a), "nameless").ID
			if lies {
				r.wrap = func(s remote.Remote) remote.Remote {
					return copier{s.(remote.Mailboxes), false, func(remote.Mailboxes, string, []mail.UID, string) (map[mail.UID]mail.UID, error) { return nil, nil }}
				}
			}
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{id}, Folder: r.folder(a, "Work").ID})
			if res := r.pass(a); (len(res.Failed) > 0) != lies {
				t.Errorf("told as failed: %q", res.Failed)
			}
			r.pass(a)
			where, copies := "Work", 1
			if lies {
				where, copies = "INBOX", 0
			}
			flags := r.dove.Flags("ali", "INBOX")
			if n := len(r.dove.Messages("ali", "Work")); n != copies || len(flags) != 1 || slices.Contains(flags[0], `\Deleted`) == lies {
				t.Errorf("%d in Work, want %d; the original has the flags %q", n, copies, flags)
			}
			if row := r.find(r.folder(a, where), "nameless"); row.ID != id || row.UID == 0 {
				t.Errorf("here it is %+v", row)
			}
		})
	}
}

// A folder that was deleted and made again has the same messages under other UIDs and the same UIDVALIDITY: what is deleted or moved is the message that was
// chosen, and not the one that has its UID now.
func TestOperationInAFolderWhoseMessagesChangedTheirUIDs(t *testing.T) {
	t.Parallel()
	r := newRig(t, offers(""), false)
	var msgs [][]byte
	for i := range 6 {
		msgs = append(msgs, letter(i, fmt.Sprintf("message %d", i), noise(i, 500+37*i)))
	}
	came := time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)
	r.box.Command(t, "ali", "CREATE Work", "CREATE Done")
	r.box.AppendDated(t, "ali", "Work", came, msgs...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	before := r.folder(a, "Work")
	r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{r.find(before, "message 1").ID}})
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(before, "message 2").ID, r.find(before, "message 5").ID}, Folder: r.folder(a, "Done").ID})
	r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
	r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(before.UIDValidity)), "Work")
	slices.Reverse(msgs)
	r.box.AppendDated(t, "ali", "Work", came.Add(time.Hour), msgs...)
	for range 3 {
		r.e.Operations(r.ctx, a)
	}
	got := map[string]string{}
	for _, box := range []string{"Work", "Done"} {
		for _, m := range r.dove.Messages("ali", box) {
			got[string(regexp.MustCompile(`message \d`).Find(m))] = box
		}
	}
	if want := map[string]string{"message 0": "Work", "message 3": "Work", "message 4": "Work", "message 2": "Done", "message 5": "Done"}; !maps.Equal(got, want) {
		t.Errorf("on the server: %v, want %v", got, want)
	}
	r.sync(a)
	r.sync(a)
	r.sameMail(a, "ali", "Work")
	r.sameMail(a, "ali", "Done")
}

// The answer to the upload of a draft is lost: the version that is there is the one that was uploaded, and no other is put beside it.
func TestALostAnswerPutsADraftThereOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	lost := 0
	r.wrap = func(s remote.Remote) remote.Remote {
		return &lossy{s.(remote.Mailboxes), func(verb string) bool {
			if verb == "append" {
				lost++
			}
			return verb == "append" && lost <= 2
		}, nil}
	}
	r.draft(a, "plan", "words")
	for range 3 {
		r.e.Operations(r.ctx, a)
	}
	r.onServer(a, 1)
	if lost != 1 {
		t.Errorf("it was uploaded %d times", lost)
	}
}
