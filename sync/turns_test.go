package mailsync_test

import (
	"context"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The number of round trips is what a pass costs on a far server, so it is held here as a count, which no busy machine changes.
func TestRoundTripsIMAP(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and everything of a pass that finds nothing in one flight.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
	r.dove.Deliver("ali", letters(60, 10)...)
	r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", "INBOX", "uid", "1:40")
	res := r.sync(a)
	// SELECT and FETCH go together.
	if n := p.Turns(); n != 5 || res.New != 10 || res.Updated != 40 {
		t.Errorf("%d round trips for %d new messages and %d flags, want 5 for 10 and 40", n, res.New, res.Updated)
	}
	r.sameMail(a, "ali", "INBOX")
}

// The first download opens each folder and asks for its newest messages in one flight.
func TestRoundTripsFirstDownload(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	r.dove.Doveadm("mailbox", "create", "-u", "ali", "Other")
	r.dove.Doveadm("copy", "-u", "ali", "Other", "mailbox", "INBOX", "uid", "1:40")
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	res := r.sync(a)
	// TCP, TLS, greeting, login, listing, the headers of the inbox, its messages, those of the other folder.
	if n := p.Turns(); n != 8 || res.New != 100 {
		t.Errorf("%d round trips for %d messages, want 8 for 100", n, res.New)
	}
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Other")
}

// meddler lets something happen to a folder before it is opened.
type meddler struct {
	remote.Mailboxes
	before func(path string)
}

func (m meddler) SelectNext(ctx context.Context, path string, next []remote.UIDRange, want remote.Want) (remote.MailboxState, error) {
	m.before(path)
	return m.Mailboxes.(remote.Nexter).SelectNext(ctx, path, next, want)
}

// What the listing said of a folder may no longer be so when it is opened, and its newest messages are asked for.
func TestFolderChangesBeforeItIsOpened(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 70)...)
	copyTo := func(folder, uids string) {
		r.dove.Doveadm("copy", "-u", "ali", folder, "mailbox", "INBOX", "uid", uids)
	}
	changes := map[string]func(path string){
		"More": func(path string) { copyTo(path, "61:64") },
		"Gone": func(path string) { r.dove.Doveadm("expunge", "-u", "ali", "mailbox", path, "uid", "30:35") },
		"Anew": func(path string) {
			r.dove.Doveadm("mailbox", "delete", "-u", "ali", path)
			r.dove.Doveadm("mailbox", "create", "-u", "ali", path)
			copyTo(path, "1:3")
		},
	}
	for path := range changes {
		r.dove.Doveadm("mailbox", "create", "-u", "ali", path)
		copyTo(path, "1:60")
	}
	opened := 0
	r.wrap = func(s remote.Remote) remote.Remote {
		return meddler{s.(remote.Mailboxes), func(path string) {
			if change := changes[path]; change != nil {
				change(path)
				delete(changes, path)
				opened++
			}
		}}
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	if opened != 3 {
		t.Errorf("%d folders were opened with their newest messages asked for", opened)
	}
	for _, path := range []string{"INBOX", "More", "Gone", "Anew"} {
		r.sameMail(a, "ali", path)
	}
	if res := r.sync(a); res.New != 0 || res.Removed != 0 {
		t.Errorf("the next pass: %+v", res)
	}
}

// Several folders that have changed cost no more than one.
func TestRoundTripsOfSeveralFolders(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	boxes := []string{"INBOX", "Sent", "Work", "Home", "Lists"}
	for i, box := range boxes {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(100*i, 12)...)
	}
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	p.Turns()
	for i, box := range boxes {
		switch i {
		case 2: // flags only
			r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", box, "uid", "3:5")
		case 3: // something went, something came
			r.dove.Doveadm("expunge", "-u", "ali", "mailbox", box, "uid", "2:4")
			fallthrough
		default:
			r.box.Append(t, "ali", box, letters(100*i+50, 3)...)
		}
	}
	res := r.sync(a)
	if n := p.Turns(); n != 5 || res.New != 12 || res.Updated != 3 || res.Removed != 3 {
		t.Errorf("%d round trips for %d new messages, %d flags and %d removed in five folders, want 5 for 12, 3 and 3", n, res.New, res.Updated, res.Removed)
	}
	for _, box := range boxes {
		r.sameMail(a, "ali", box)
	}
	if n := r.sync(a).New; n != 0 {
		t.Errorf("%d new afterwards", n)
	}
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
}

func TestRoundTripsPOP3(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.POP3SPort)
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	if res := r.sync(a); res.New != 60 {
		t.Fatalf("%d new", res.New)
	}
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and login, CAPA and listing together.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
}
