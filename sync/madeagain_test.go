package mailsync_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What was to be done to messages of a folder that was deleted and made again meanwhile is done to none of the messages that have their UIDs now,
// whether the server counts its lives (UIDVALIDITY) or not: those are neither deleted nor moved, copied or marked.
func TestOperationsOnAFolderMadeAgain(t *testing.T) {
	t.Parallel()
	came := time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)
	for _, server := range []served{servers[0], servers[2]} {
		for _, counted := range []bool{true, false} {
			for _, kind := range []mail.ActionKind{mail.ActDestroy, mail.ActDelete, mail.ActMove, mail.ActCopy, mail.ActStar} {
				t.Run(fmt.Sprintf("%s, counted %v, %s", server.name, counted, kind), func(t *testing.T) {
					t.Parallel()
					r := newRig(t, server.dovecot, false)
					r.box.Command(t, "ali", "CREATE Work", "CREATE Other")
					r.box.AppendDated(t, "ali", "Work", came, letters(0, 6)...)
					a := r.account("ali", mail.IMAP, nil)
					r.sync(a)
					before := r.folder(a, "Work")
					var ids []mail.MessageID
					for _, row := range r.rows(before) {
						ids = append(ids, row.ID)
					}
					r.do(mail.Action{Kind: kind, Messages: ids[:4], Folder: r.folder(a, "Other").ID})
					r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
					if !counted {
						r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(before.UIDValidity)), "Work")
					}
					for i := range 9 {
						r.box.AppendDated(t, "ali", "Work", came.Add(time.Hour), letter(100+i, fmt.Sprintf("another %d", i), noise(i, 500+37*i)))
					}
					r.pass(a) // the operation may be told as failed: its messages are gone
					r.sync(a)
					if n := len(r.dove.Messages("ali", "Work")); n != 9 {
						t.Errorf("%d messages are left on the server, want 9", n)
					}
					for i, flags := range r.box.Flags(t, "ali", "Work") {
						if len(flags) > 0 {
							t.Errorf("message %d has %v", i, flags)
						}
					}
					for _, box := range []string{"Other", "Trash"} {
						if n := len(r.dove.Messages("ali", box)); n != 0 {
							t.Errorf("%d messages in %s", n, box)
						}
					}
					if counted {
						r.sameMail(a, "ali", "Work")
					}
				})
			}
		}
	}
}

// replacing does something once, after the first SELECT of a folder that is armed.
type replacing struct {
	remote.Mailboxes
	path string
	do   *func()
}

func (p replacing) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	st, err := p.Mailboxes.Select(ctx, path)
	if do := *p.do; do != nil && path == p.path && err == nil {
		*p.do = nil
		do()
	}
	return st, err
}

// Between the moment at which an operation finds its messages and the one at which it is done a folder may be replaced, too.
func TestAFolderMadeAgainUnderAnOperation(t *testing.T) {
	t.Parallel()
	for _, kind := range []mail.ActionKind{mail.ActDestroy, mail.ActMove, mail.ActCopy, mail.ActStar} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.box.Command(t, "ali", "CREATE Work", "CREATE Other")
			r.box.Append(t, "ali", "Work", letters(0, 3)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			r.do(mail.Action{Kind: kind, Messages: []mail.MessageID{r.find(r.folder(a, "Work"), "message 1").ID}, Folder: r.folder(a, "Other").ID})
			replace := func() {
				r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
				r.box.Append(t, "ali", "Work", letters(100, 3)...)
			}
			r.wrap = func(s remote.Remote) remote.Remote { return replacing{s.(remote.Mailboxes), "Work", &replace} }
			r.e.Operations(r.ctx, a)
			r.wrap = nil
			if replace != nil {
				t.Fatal("the folder was not replaced")
			}
			quiet(t, r, a)
			if n := len(r.dove.Messages("ali", "Work")); n != 3 {
				t.Errorf("%d messages are left on the server, want 3", n)
			}
			for i, flags := range r.box.Flags(t, "ali", "Work") {
				if len(flags) > 0 {
					t.Errorf("message %d has %v", i, flags)
				}
			}
			if n := len(r.dove.Messages("ali", "Other")); n != 0 {
				t.Errorf("%d messages in Other", n)
			}
			r.sameMail(a, "ali", "Work")
		})
	}
}

// Of two messages with the same Message-ID the one that was meant is deleted, also where their UIDs are others by now; where that one is gone, the
// other stays.
func TestTheOtherMessageWithTheSameID(t *testing.T) {
	t.Parallel()
	first, second := letter(1, "over the list", "text\r\nand a footer"), letter(1, "itself", "text")
	for name, left := range map[string][][]byte{"both are there": {first, second}, "in the other order": {second, first}, "it is gone": {second}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.box.Command(t, "ali", "CREATE Work")
			r.box.Append(t, "ali", "Work", first, second)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{r.find(r.folder(a, "Work"), "over the list").ID}})
			r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
			r.box.Append(t, "ali", "Work", left...)
			quiet(t, r, a)
			if got := r.dove.Messages("ali", "Work"); len(got) != 1 || string(got[0]) != string(second) {
				t.Errorf("left on the server: %q", got)
			}
			r.sameMail(a, "ali", "Work")
		})
	}
}
