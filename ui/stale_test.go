package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Things that were read or opened a while ago, and acted on when there is something else by then.

// What the dialog of the settings does not show is not taken back by it.
func TestSettingsLeaveAloneWhatChangedMeanwhile(t *testing.T) {
	b := newBench(t, prefs(quiet))
	d := showSettings(b.w.env, b.w.setPrefs)
	b.w.reader.Zoom(1)
	zoom := b.w.env.prefs.Zoom
	walkAll(b.w.Window().Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		if c, ok := o.(*kit.Check); ok {
			c.Tapped(nil)
		}
	})
	d.Close()
	if zoom == 0 || b.w.env.prefs.Zoom != zoom || b.w.env.prefs.Notify {
		t.Errorf("the zoom is %d after %d, notifications %v", b.w.env.prefs.Zoom, zoom, b.w.env.prefs.Notify)
	}
}

// A password that was asked for while somebody changed the account goes to the account as it is now.
func TestAPasswordLeavesTheOtherSettingsAlone(t *testing.T) {
	b := newBench(t)
	b.w.problems.askPassword(&mail.Problem{Kind: mail.ProblemAuth, Account: b.imap})
	a, err := b.store.Account(b.Context(), b.imap)
	b.ok(err)
	a.DisplayName = "Maryam N."
	_, err = b.store.SaveAccount(b.Context(), a)
	b.ok(err)
	b.w.Window().Canvas().Focused().(*kit.Entry).Insert("secret")
	b.tapLabelled(lang.T("password.save"))
	b.drain() // what the engine was given belongs to the loop until then
	if len(b.engine.stored) != 1 {
		t.Fatalf("stored %d accounts", len(b.engine.stored))
	}
	if got := b.engine.stored[0]; got.DisplayName != "Maryam N." || b.engine.saved[0].Incoming != "secret" {
		t.Errorf("stored as %q with %+v", got.DisplayName, b.engine.saved[0])
	}
}

// slowReading gives a message when it is told to, one answer a call.
type slowReading struct {
	mail.Opener
	answers chan chan mail.Content
}

func (s slowReading) Content(ctx context.Context, _ mail.MessageID) (mail.Content, error) {
	mine := make(chan mail.Content, 1)
	s.answers <- mine
	return <-mine, nil
}

// Of two readings of a message the one begun last counts, whichever comes first.
func TestTheLastReadingOfAMessageCounts(t *testing.T) {
	b := newBench(t, prefs(quiet))
	answers := make(chan chan mail.Content, 2)
	p := newReaderPane(b.w.env, slowReading{b.engine, answers})
	p.inside = true
	p.ShowMessage(mail.Row{ID: 7, Subject: "x"})
	old := <-answers
	p.single.Load(false)
	<-answers <- mail.Content{Row: mail.Row{ID: 7}, Text: "whole"}
	b.until("the whole", func() bool { return p.single.content.Text == "whole" })
	old <- mail.Content{Row: mail.Row{ID: 7}, Text: "half"}
	b.drain()
	if p.single.content.Text != "whole" {
		t.Errorf("it shows %q", p.single.content.Text)
	}
	p.leave()
}

// The window of a message that closes ends what is open over it: the pages of a PDF take much memory.
func TestAWindowClosesWhatIsOpenOverIt(t *testing.T) {
	b := newBench(t, prefs(quiet), func(b *bench) {
		m := sampleMail{from: "Reza <reza@example.org>", subject: "files", at: today.Add(-time.Hour), text: "x", extra: "realpdf", file: []byte(twoPages)}
		b.put(b.folder(b.imap, "INBOX"), 60, m)
	})
	b.w.openMessage(b.row("files"))
	b.drain()
	for w := range b.w.windows {
		bar := w.pane.Current().parts
		v := bar.files.Preview(bar.message, bar.list[0], bar.list)
		b.until("the page", func() bool { return v.doc != nil })
		w.Close()
		if !v.closed || v.doc != nil {
			t.Error("the PDF stays open")
		}
	}
}

// An answer to an invitation is taken back for the account that gave it, also when a message of another one is open by then.
func TestAnAnswerIsTakenBackForItsAccount(t *testing.T) {
	b := newBench(t, prefs(quiet), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 60, calendarMail("Invitation: Meeting", "REQUEST", ""))
	})
	m := b.openCards("Invitation: Meeting", 1)
	f, _ := m.cardSource().readCard(b.Context(), m.content.Attachments[0], time.UTC)
	c := newInviteCard(m, f, 0)
	c.send(mail.Accepted)
	answer := func() mail.Answer {
		x, _, err := b.store.Invitation(b.Context(), b.imap, c.event.UID, c.event.Recurrence)
		b.ok(err)
		return x.Answer
	}
	b.until("the answer", func() bool { return !c.busy && answer() == mail.Accepted })
	b.selectSubject("صورتحساب شمارهٔ ۱۴۰۴/۲۳۱") // of the other account, in the same view
	b.w.env.act.Undo()
	b.drain()
	if got := answer(); got != "" {
		t.Errorf("the answer is still %q", got)
	}
}

// A message that is to be shown in its folder is shown, whatever the list was narrowed to, and no search stands in the field any more.
func TestShowingAMessageLeavesTheSearch(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.w.view(listView{filter: model.FilterUnread})
	b.w.search.Show("budget")
	b.w.searchFor("budget")
	b.drain()
	b.w.showMessage(b.ids[delta]) // which is read
	b.until("the message", func() bool { return b.w.reader.Message() == b.ids[delta] })
	b.drain()
	if b.w.search.entry.Text() != "" || b.w.list.place.Kind != model.PlaceFolder {
		t.Errorf("the field says %q, the list shows %v", b.w.search.entry.Text(), b.w.list.place)
	}
}

// The window of a message speaks the language that was chosen while it is open.
func TestAWindowOfAMessageFollowsTheLanguage(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.w.openMessage(b.row(sara))
	b.drain()
	lang.Set("fa")
	b.drain()
	for v := range b.w.windows {
		if words := says(v.pane.root); !strings.Contains(words, lang.Plain(lang.T("attach.save.all"))) && !strings.Contains(words, lang.T("reader.me")) || v.pane.Message() != b.ids[sara] {
			t.Errorf("it shows message %d and says %q", v.pane.Message(), words)
		}
		b.shotOf(v.env.win, "message-window-fa")
		v.Close()
	}
	lang.Set("en") // a closed one hears nothing
	b.drain()
}

// Settings of an account are open once; who closes the wizard does not want the account.
func TestOneWindowForAnAccount(t *testing.T) {
	b := newBench(t)
	windows := func() int { return len(b.app.Driver().AllWindows()) }
	was := windows()
	b.w.editAccount(b.imap)
	b.w.editAccount(b.imap)
	b.drain()
	b.w.editAccount(b.imap)
	b.drain()
	if n := windows() - was; n != 1 || len(b.w.forms) != 1 {
		t.Fatalf("%d windows are open", n)
	}
	b.w.formOf(b.imap).win.Close()
	if len(b.w.forms) != 0 {
		t.Error("it counts as open after it was closed")
	}
}

// Who quits is asked about settings that are not saved; those of a new account, too, also when its protocol was changed, which makes another form.
func TestQuittingAsksAboutUnsavedSettings(t *testing.T) {
	b := newBench(t)
	b.w.accountWindow(mail.Account{Protocol: mail.IMAP, Email: "new@example.org", Incoming: mail.Server{Host: "imap.example.org"}}, mail.Secrets{})
	var f *accountForm
	for f = range b.w.forms {
	}
	first := f.form
	walkAll(f.win.Content(), func(o fyne.CanvasObject) {
		if c, ok := o.(*kit.Check); ok && strings.HasPrefix(says(c), lang.T("setup.kind.pop3")) {
			c.Tapped(nil)
		}
	})
	if f.form == first || !f.form.Changed() {
		t.Fatal("the window does not know the form for the other protocol")
	}
	for range 2 {
		b.w.run(b.w.byID["quit"])
		b.drain()
		if n := len(f.win.Canvas().Overlays().List()); b.w.closed || n != 1 {
			t.Fatalf("closed: %v; %d questions", b.w.closed, n)
		}
	}
	lang.Set("fa")
	lang.Set("en")
	if !f.form.Changed() {
		t.Error("another language lost the form")
	}
	b.tapLabelledIn(f.win, lang.T("setup.leave.discard"))
	b.w.run(b.w.byID["quit"])
	b.until("the end", func() bool { return b.w.closed })
}

// A click too many on Reply, or on New message, opens one window; what is something else, and what was written in, has its own.
func TestAskingForTheSameMessageAgain(t *testing.T) {
	b := newBench(t, threaded(1))
	b.writes()
	anna := b.ids[threadSubject(0)]
	b.ok(b.tryReply(anna, mail.ReplySender, 2))
	b.wantWriting("a reply pressed twice", 1)
	b.ok(b.tryReply(anna, mail.ReplyAll, 1))
	b.wantWriting("a reply to all", 2)
	for range 2 {
		b.w.openDraft(mail.Draft{Account: b.imap})
	}
	b.wantWriting("a new message", 3)
	b.w.openDraft(mail.Draft{Account: b.imap, Attachments: []mail.DraftAttachment{{Name: "a.pdf", Path: "/tmp/a.pdf"}}})
	b.wantWriting("one with a file", 4)
	b.begin("Offer")
	b.begin("Offer")
	b.wantWriting("two with text that is stored nowhere", 6)
}

func (b *bench) tryReply(id mail.MessageID, kind mail.ReplyKind, times int) error {
	for range times {
		d, err := b.w.env.engine.Reply(b.Context(), id, kind, "en")
		if err != nil {
			return err
		}
		b.w.openDraft(d)
	}
	return nil
}

func (b *bench) wantWriting(what string, n int) {
	b.Helper()
	if have := len(b.w.writing); have != n {
		b.Fatalf("%s: %d windows, want %d", what, have, n)
	}
}

// An account that was removed does nothing any more.
func TestARemovedAccountIsNotAtWork(t *testing.T) {
	b := newBench(t)
	b.w.status.Progress(mail.Progress{Account: 99, Phase: mail.PhaseReceiving})
	if b.w.status.Busy() {
		t.Error("an account that is not there is at work")
	}
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving})
	if !b.w.status.Busy() {
		t.Error("nobody is at work")
	}
}
