package mailsync_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What the user does and sends during a long download, and new mail in a folder that it is done with, does not wait for its end.
func TestErrandsDuringADownload(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, true, nil)
	msgs, _ := noisy(0, 5, 1000)
	s.dove.Deliver("ali", msgs...)
	s.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	many, _ := noisy(100, 220, 20_000)
	s.box.Append(t, "ali", "Work", many...)
	// Of Work the newest come first, in several commands. It is stopped at the first, and seen again at the last.
	s.mine = func(uid mail.UID) bool { return uid > 100 }
	last := make(chan struct{})
	s.last = func(uid mail.UID) {
		if uid == 1 && len(s.rows(s.folder(s.a, "Work"))) > 100 {
			last <- struct{}{}
			<-last
		}
	}
	s.begin()
	in := s.inbox(s.a)
	starred, moved := s.row("message 1"), s.row("message 2")
	s.dove.Deliver("ali", letter(500, "news", "text"))
	s.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{starred.ID}})
	s.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{moved.ID}, Folder: s.folder(s.a, "Work").ID})
	s.write(s.a, "sara@peyk.test", "sent meanwhile", "text")
	eventually(t, "the wishes", func() bool {
		ops, some := s.e.Errands(s.a.ID)
		return ops && some
	})
	if n := len(s.arrive("sara", "INBOX", 1)); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
	s.release <- nil
	<-last
	if f := s.folder(s.a, "Work"); f.UIDNext != 0 {
		t.Fatal("the download was over")
	}
	s.row("news")
	if flags := s.dove.Flags("ali", "INBOX"); !slices.ContainsFunc(flags, func(f []string) bool { return slices.Contains(f, `\Flagged`) }) {
		t.Errorf("the star is not on the server: %v", flags)
	}
	if n := len(s.dove.Messages("ali", "Work")); n != 221 {
		t.Errorf("%d messages in Work on the server, want the moved one, too", n)
	}
	last <- struct{}{}
	eventually(t, "everything", func() bool { return len(s.rows(s.folder(s.a, "Work"))) == 221 && s.folder(s.a, "Work").UIDNext != 0 })
	s.e.GetMail()
	eventually(t, "the bodies", func() bool {
		return !slices.ContainsFunc(s.rows(s.folder(s.a, "Work")), func(r mail.Row) bool { return !r.HasBody })
	})
	for _, box := range []string{"INBOX", "Work"} {
		s.sameMail(s.a, "ali", box)
	}
	if n := len(s.rows(in)); n != 5 { // without the moved one, with the news
		t.Errorf("%d messages in the inbox", n)
	}
	s.sound()
}

// New mail in the very folder that is being downloaded comes before the rest of it, and is told as new, which the rest is not.
func TestNewMailDuringTheDownloadOfItsFolder(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	many, _ := noisy(0, 260, 20_000)
	s.dove.Deliver("ali", many...)
	last := make(chan struct{})
	s.last = func(uid mail.UID) {
		if uid == 1 {
			last <- struct{}{}
			<-last
		}
	}
	s.begin()
	told := s.arrivals()
	s.row("message 259")
	before := s.asked()
	for n := range 3 {
		s.dove.Deliver("ali", letter(500+n, fmt.Sprintf("news %d", n), "text"))
	}
	eventually(t, "the wish", func() bool { _, some := s.e.Errands(s.a.ID); return some })
	s.release <- nil
	<-last
	for n := range 3 {
		if !s.row(fmt.Sprintf("news %d", n)).HasBody {
			t.Error("the header only is here")
		}
	}
	if before[1] > 0 || s.inbox(s.a).UIDNext != 0 {
		t.Error("the download was over")
	}
	last <- struct{}{}
	s.complete(263)
	if got := told(); !slices.Equal(got, []string{"news 0", "news 1", "news 2"}) {
		t.Errorf("told as new: %q", got)
	}
	for u, n := range s.asked() {
		if n > 1 && u <= 260 {
			t.Errorf("UID %d was asked for %d times", u, n)
		}
	}
	s.sound()
}

// heldDrop is a session of a maildrop that stops before its first message.
type heldDrop struct {
	remote.Maildrop
	stopped chan<- struct{}
	release <-chan struct{}
}

func (h heldDrop) Retrieve(ctx context.Context, drops []remote.Drop, fn func(remote.Drop, io.Reader) error) error {
	first := true
	return h.Maildrop.Retrieve(ctx, drops, func(d remote.Drop, body io.Reader) error {
		if first {
			first = false
			h.stopped <- struct{}{}
			<-h.release
		}
		return fn(d, body)
	})
}

// What the user sends while a maildrop is emptied goes at once, and its copy is kept.
func TestSendingWhileAMaildropIsEmptied(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.dove.Deliver("ali", letters(0, 20)...)
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.Check.AtStart = true })
	stopped, release := make(chan struct{}), make(chan struct{})
	r.wrap = func(s remote.Remote) remote.Remote { return heldDrop{s.(remote.Maildrop), stopped, release} }
	r.live()
	t.Cleanup(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	})
	<-stopped
	r.write(a, "sara@peyk.test", "sent meanwhile", "text")
	r.write(a, "sara@peyk.test", "and another", "text")
	if n := len(r.arrive("sara", "INBOX", 2)); n != 2 {
		t.Errorf("%d messages arrived", n)
	}
	if n := len(r.rows(r.inbox(a))); n != 0 {
		t.Fatalf("%d messages are here: the maildrop was not held", n)
	}
	close(release)
	eventually(t, "everything", func() bool {
		items, err := r.st.OutboxItems(r.ctx)
		return err == nil && len(items) == 0 && len(r.rows(r.inbox(a))) == 20 && len(r.rows(r.folder(a, "Sent"))) == 2
	})
	r.sound()
}

// An operation at which the server falls silent holds new mail back once at most: before the next try comes what is new.
func TestNewMailComesBeforeAnotherTry(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "message 0").ID}, Folder: r.folder(a, "Work").ID})
	proxy.CutBefore("UID MOVE", 1)
	r.pass(a)
	for n := range 3 {
		subject := fmt.Sprintf("new %d", n)
		r.dove.Deliver("ali", letter(10+n, subject, "text"))
		held := proxy.HoldOn("UID MOVE", false)
		ctx, cancel := context.WithCancel(r.ctx)
		over := make(chan struct{})
		go func() {
			defer close(over)
			_, _ = r.e.SyncAll(ctx, a.Name)
		}()
		select {
		case <-held: // the server says nothing, and nobody knows it yet
			r.find(r.inbox(a), subject)
		case <-over:
			t.Fatal("the operation was not tried")
		}
		cancel()
		<-over
	}
	quiet(t, rigged{r, proxy}.healed(), a)
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Work")
	r.sound()
}
